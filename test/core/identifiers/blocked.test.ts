import { expect, it } from 'vitest';
import { isBlocked } from '../../../lambdas/core/identifiers/blocked.ts';
import { configOf } from '../../fixtures/events.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

const rules = configOf({
  identity: { blockedValues: ['none', "it's"], blocked: { email: { values: ['NoReply@x.org'], patterns: ['^Test'] } } },
}).identity;

it.each([
  { type: 'user_id', value: 'none', blocked: true },
  { type: 'user_id', value: ' NONE ', blocked: true },
  { type: 'user_id', value: '"none"', blocked: true },
  { type: 'user_id', value: "' None '", blocked: true },
  { type: 'user_id', value: "it's", blocked: true },
  { type: 'user_id', value: `"none'`, blocked: false },
  { type: 'user_id', value: 'x"none"', blocked: false },
  { type: 'user_id', value: '"none"x', blocked: false },
  { type: 'user_id', value: '"ann"', blocked: false },
  { type: 'user_id', value: ' "none" ', blocked: true },
  { type: 'user_id', value: '"no"ne', blocked: false },
  { type: 'user_id', value: 'no"ne"', blocked: false },
  { type: 'user_id', value: 'nonesuch', blocked: false },
  { type: 'user_id', value: '""', blocked: true },
  { type: 'user_id', value: '', blocked: true },
  { type: 'user_id', value: '0-00', blocked: true },
  { type: 'user_id', value: '0-01', blocked: false },
  { type: 'user_id', value: '10', blocked: false },
  { type: 'user_id', value: 'noreply@x.org', blocked: false },
  { type: 'email', value: 'noreply@x.org', blocked: true },
  { type: 'email', value: 'Tester@x.org', blocked: true },
  { type: 'email', value: 'tester@x.org', blocked: false },
  { type: 'user_id', value: 'Tester@x.org', blocked: false },
])('$type $value: $blocked', ({ type, value, blocked }) => expect(isBlocked(type, value, rules)).toBe(blocked));

it.each(sharedCases<string, boolean>('identity/blocked'))('$name', ({ input, expected }) =>
  expect(isBlocked('crm_id', input, rules)).toBe(expected),
);
