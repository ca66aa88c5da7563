import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierKey, shortHash, shortHashIn } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import { keyedHash } from '../../../lambdas/adapters/dynamodb/keyed-hash.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { numRuns } from '../../fixtures/laws.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ minLength: 650, maxLength: 720 }),
  fc.constantFrom('user_id:ann', 'group_id:acme'),
);

describe('the keyed hash', () => {
  it('is HMAC with SHA-256, whatever the lengths', () =>
    fc.assert(
      fc.property(text, text, (secret, said) => {
        expect(keyedHash(secret)(said).toString('hex')).toBe(createHmac('sha256', secret).update(said).digest('hex'));
      }),
      { numRuns: numRuns(300) },
    ));

  it.each<Identifier>(['user_id:ann', 'group_id:acme', 'crm_id~1777629600000:0031'])(
    'of %s in a list is the beginning of that in its key',
    (id) => expect(shortHash('secret')(id)).toEqual(shortHashIn(identifierKey('secret')(id))),
  );
});
