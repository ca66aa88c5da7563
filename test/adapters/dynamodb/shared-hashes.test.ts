import { describe, expect, it } from 'vitest';
import { shortHash } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

interface Named {
  readonly secret: string;
  readonly identifier: Identifier;
}

describe('the hash of an identifier in the list of barriers', () => {
  it.each(sharedCases<Named, string>('barriers/hashes'))('$name', ({ input: { secret, identifier }, expected }) => {
    const { high, low } = shortHash(secret)(identifier);
    expect([high, low].map((half) => half.toString(16).padStart(8, '0')).join('')).toBe(expected);
  });
});
