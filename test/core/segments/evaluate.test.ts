import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { byTrust, nameOf } from '../../../lambdas/core/profile/known-as.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { changesBetween } from '../../../lambdas/core/segments/changes.ts';
import { all, any, type Condition, not, trait } from '../../../lambdas/core/segments/condition.ts';
import { holds, membershipOf } from '../../../lambdas/core/segments/evaluate.ts';
import { readJson } from '../../../lambdas/core/values/json.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

describe('a condition', () => {
  const numbers = readJson('{"price":12.50,"id":9007199254740993,"huge":1e400}') as object;
  const traits: Record<string, unknown> = { plan: 'pro', spent: 200, vip: true, tags: ['a'], age: '1', ...numbers };
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
    ['atLeast above the bound', trait('spent').atLeast(199), true],
    ['atLeast below the bound', trait('spent').atLeast(201), false],
    ['greaterThan below', trait('spent').greaterThan(199), true],
    ['atMost below', trait('spent').atMost(201), true],
    ['atMost above', trait('spent').atMost(199), false],
    ['lessThan below', trait('spent').lessThan(201), true],
    ...(['greaterThan', 'atLeast', 'lessThan', 'atMost'] as const).flatMap(
      (operator): [string, Condition, boolean][] => [
        [`${operator} of a number in text`, trait('age')[operator](1), false],
        [`${operator} of a missing number`, trait('city')[operator](1), false],
      ],
    ),
    ['anyOf a value of another type', trait('spent').anyOf('200'), false],
    ['notEquals the same value', trait('plan').notEquals('pro'), false],
    ['contains what it does not', trait('plan').contains('x'), false],
    ['startsWith what it does not', trait('plan').startsWith('r'), false],
    ['startsWith of a list', trait('tags').startsWith('a'), false],
    ['endsWith what it does', trait('plan').endsWith('ro'), true],
    ['endsWith what it starts with', trait('plan').endsWith('pr'), false],
    ['endsWith of a list', trait('tags').endsWith('a'), false],
    ['exists on a missing trait', trait('city').exists(), false],
    ['all of true and true', all(trait('vip').exists(), trait('plan').exists()), true],
    ['any of false and false', any(trait('city').exists(), trait('plan').missing()), false],
    ['not of true', not(trait('vip').exists()), false],
    ['exists', trait('vip').exists(), true],
    ['missing', trait('vip').missing(), false],
    ['missing on a missing trait', trait('city').missing(), true],
    ['all of true and false', all(trait('vip').exists(), trait('city').exists()), false],
    ['any of true and false', any(trait('vip').exists(), trait('city').exists()), true],
    ['equals the same number to the last digit', trait('price').equals(12.5), true],
    ['equals a number that differs in a digit that no double has', trait('id').equals(9007199254740992), false],
    ['notEquals such a number', trait('id').notEquals(9007199254740992), true],
    ['anyOf with the same number', trait('price').anyOf(1, 12.5), true],
    ['greaterThan below a number that kept its digits', trait('huge').greaterThan(1e308), true],
    ['lessThan above one', trait('price').lessThan(12.6), true],
    ['atLeast at one', trait('price').atLeast(12.5), true],
    ['atMost below one', trait('price').atMost(12.4), false],
    ['contains of a number', trait('price').contains('12'), false],
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
    {
      name: 'nothing for a member who stays one',
      before: [person(['vip'], ...ann)],
      after: person(['vip'], ...ann),
      changes: [],
    },
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
      name: 'nothing when a device is added that comes after theirs in the alphabet',
      before: [person(['vip'], 'email:ann@example.org', 'anonymous_id:a')],
      after: person(['vip'], 'email:ann@example.org', 'anonymous_id:a', 'anonymous_id:b'),
      changes: [],
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

describe('the name of a person', () => {
  const rules = configOf().identity;
  const linkedAt = (...ids: [Identifier, string][]): Profile => ({
    ...newProfile('p', eventOf({})),
    identifiers: new Map(ids.map(([id, linked]) => [id, { first: '0', last: '9', linked }])),
  });

  it.each<{ name: string; profile: Profile; address: string | undefined; known: object }>([
    { name: 'is nobody', profile: linkedAt(), address: undefined, known: { anonymousId: 'p' } },
    {
      name: 'has a user id',
      profile: linkedAt(['anonymous_id:a', '1'], ['user_id:u', '2']),
      address: 'user_id:u',
      known: { userId: 'u' },
    },
    {
      name: 'has an email and a device',
      profile: linkedAt(['anonymous_id:a', '1'], ['email:e@x.org', '2']),
      address: 'email:e@x.org',
      known: { anonymousId: 'a' },
    },
    {
      name: 'has an email alone',
      profile: linkedAt(['email:e@x.org', '2']),
      address: 'email:e@x.org',
      known: { anonymousId: 'p' },
    },
    {
      name: 'has two devices, of which the later linked comes first in the alphabet',
      profile: linkedAt(['anonymous_id:b', '1'], ['anonymous_id:a', '2']),
      address: 'anonymous_id:a',
      known: { anonymousId: 'a' },
    },
    {
      name: 'has two devices, of which the first linked comes first in the alphabet',
      profile: linkedAt(['anonymous_id:a', '1'], ['anonymous_id:b', '2']),
      address: 'anonymous_id:a',
      known: { anonymousId: 'a' },
    },
  ])('who $name', ({ profile, address, known }) => {
    expect(byTrust(profile, rules)[0]).toBe(address);
    expect(nameOf(profile, rules)).toEqual(known);
  });
});

it('is in the segments whose condition holds; a removed trait is a missing one', () => {
  const stated = (value: unknown) => ({ value, timestamp: '1', messageId: 'm', sourceId: 's' });
  const traits = new Map([
    ['plan', stated('pro')],
    ['city', stated(null)],
  ]);
  const segments = [
    { key: 'pros', name: 'Pros', where: trait('plan').equals('pro') },
    { key: 'placed', name: 'Placed', where: trait('city').exists() },
    { key: 'placeless', name: 'Placeless', where: trait('city').missing() },
  ];
  expect(membershipOf({ traits }, segments)).toEqual(['pros', 'placeless']);
});
