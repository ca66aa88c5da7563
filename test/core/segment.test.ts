import { describe, expect, it } from 'vitest';
import { all, any, type Condition, not, trait } from '../../lambdas/core/condition.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile.ts';
import { changesBetween, holds } from '../../lambdas/core/segment.ts';
import { configOf, eventOf } from '../fixtures/events.ts';

describe('a condition', () => {
  const traits: Record<string, unknown> = { plan: 'pro', spent: 200, vip: true, tags: ['a'] };
  it.each<[string, Condition, boolean]>([
    ['equals the same value', trait('plan').equals('pro'), true],
    ['equals another value', trait('plan').equals('free'), false],
    ['equals a value of another type', trait('spent').equals('200'), false],
    ['notEquals another value', trait('plan').notEquals('free'), true],
    ['notEquals on a missing trait', trait('city').notEquals('Rome'), false],
    ['atLeast at the bound', trait('spent').atLeast(200), true],
    ['greaterThan at the bound', trait('spent').greaterThan(200), false],
    ['atMost at the bound', trait('spent').atMost(200), true],
    ['lessThan at the bound', trait('spent').lessThan(200), false],
    ['a number comparison with text', trait('plan').atLeast(1), false],
    ['anyOf with it', trait('plan').anyOf('free', 'pro'), true],
    ['anyOf without it', trait('plan').anyOf('free'), false],
    ['contains', trait('plan').contains('r'), true],
    ['startsWith', trait('plan').startsWith('p'), true],
    ['endsWith', trait('plan').endsWith('x'), false],
    ['contains on no text', trait('tags').contains('a'), false],
    ['exists', trait('vip').exists(), true],
    ['missing', trait('vip').missing(), false],
    ['missing on a missing trait', trait('city').missing(), true],
    ['all of true and false', all(trait('vip').exists(), trait('city').exists()), false],
    ['any of true and false', any(trait('vip').exists(), trait('city').exists()), true],
    ['not', not(trait('city').exists()), true],
  ])('%s', (_name, condition, truth) => expect(holds(condition, (name) => traits[name])).toBe(truth));
});

describe('what is announced', () => {
  const rules = configOf().identity;
  const person = (segments: string[], ...ids: string[]): Profile => ({
    ...newProfile('p', eventOf({})),
    identifiers: new Map(ids.map((id) => [id as Identifier, { first: '1', last: '1', linked: '1' }])),
    segments: new Map(segments.map((key) => [key, '1'])),
  });
  const ann = ['user_id:ann', 'anonymous_id:a'];

  it.each([
    { name: 'a new member', before: [], after: person(['vip'], ...ann), changes: ['entered vip'] },
    { name: 'nothing for a member who stays one', before: [person(['vip'], ...ann)], after: person(['vip'], ...ann), changes: [] },
    { name: 'an exit', before: [person(['vip'], ...ann)], after: person([], ...ann), changes: ['exited vip'] },
    {
      name: 'nothing when a member is merged with an anonymous profile',
      before: [person([], 'anonymous_id:a'), person(['vip'], 'user_id:ann')],
      after: person(['vip'], ...ann),
      changes: [],
    },
    {
      name: 'again when destinations know them by another identifier',
      before: [person(['vip'], 'anonymous_id:a')],
      after: person(['vip'], ...ann),
      changes: ['entered vip'],
    },
    {
      name: 'again when another device is the one that they are known by',
      before: [person(['vip'], 'email:ann@example.org', 'anonymous_id:b')],
      after: person(['vip'], 'email:ann@example.org', 'anonymous_id:a', 'anonymous_id:b'),
      changes: ['entered vip'],
    },
    {
      name: 'one exit when both of two merged were members',
      before: [person(['vip'], 'user_id:ann'), person(['vip'], 'anonymous_id:a')],
      after: person([], ...ann),
      changes: ['exited vip'],
    },
  ])('$name', ({ before, after, changes }) =>
    expect(changesBetween(before, after, rules).map(({ change, segment }) => `${change} ${segment}`)).toEqual(changes),
  );
});
