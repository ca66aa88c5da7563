import { expect, it } from 'vitest';
import { isBlocked } from '../../../lambdas/core/identifiers/blocked.ts';
import { Pattern } from '../../../lambdas/core/values/pattern.ts';
import { configOf } from '../../fixtures/events.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

it.each(sharedCases<string, Record<string, boolean> | null>('patterns'))('$name', ({ input, expected }) => {
  expect(Pattern.safeParse(input).success).toBe(expected !== null);
  if (expected === null) return;
  const rules = configOf({ identity: { blocked: { crm: { patterns: [input] } } } }).identity;
  expect(Object.fromEntries(Object.keys(expected).map((value) => [value, isBlocked('crm', value, rules)]))).toEqual(
    expected,
  );
});
