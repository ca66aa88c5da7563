import { describe, expect, it } from 'vitest';
import { all, any, not, trait } from '../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../lambdas/core/segments/language/rule.ts';
import { readJson } from '../../../lambdas/core/values/json.ts';
import { ask } from './evaluation/ask.ts';

describe('a condition', () => {
  const numbers = readJson('{"price":12.50,"id":9007199254740993,"huge":1e400}') as object;
  const traits: Record<string, unknown> = { plan: 'pro', spent: 200, vip: true, tags: ['a'], age: '1', ...numbers };
  it.each<[string, Rule, boolean]>([
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
    ['contains an item of a list', trait('tags').contains('a'), true],
    ['atLeast above the bound', trait('spent').atLeast(199), true],
    ['atLeast below the bound', trait('spent').atLeast(201), false],
    ['greaterThan below', trait('spent').greaterThan(199), true],
    ['atMost below', trait('spent').atMost(201), true],
    ['atMost above', trait('spent').atMost(199), false],
    ['lessThan below', trait('spent').lessThan(201), true],
    ...(['greaterThan', 'atLeast', 'lessThan', 'atMost'] as const).flatMap((operator): [string, Rule, boolean][] => [
      [`${operator} of a number in text`, trait('age')[operator](1), operator.startsWith('at')],
      [`${operator} of a missing number`, trait('city')[operator](1), false],
    ]),
    ['anyOf a value of another type', trait('spent').anyOf('200'), false],
    ['notEquals the same value', trait('plan').notEquals('pro'), false],
    ['contains what it does not', trait('plan').contains('x'), false],
    ['startsWith what it does not', trait('plan').startsWith('r'), false],
    ['startsWith of an item of a list', trait('tags').startsWith('a'), true],
    ['endsWith what it does', trait('plan').endsWith('ro'), true],
    ['endsWith what it starts with', trait('plan').endsWith('pr'), false],
    ['endsWith of an item of a list', trait('tags').endsWith('a'), true],
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
  ])('%s', (_name, condition, truth) =>
    expect(ask(condition, [], 0, { traitOf: (name) => traits[name] })[0]).toBe(truth),
  );
});
