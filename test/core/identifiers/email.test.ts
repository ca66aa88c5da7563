import { expect, it } from 'vitest';
import { normalizeEmail } from '../../../lambdas/core/identifiers/email.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

it.each(sharedCases<string, string | null>('emails'))('$name', ({ input, expected }) =>
  expect(normalizeEmail(input) ?? null).toBe(expected),
);
