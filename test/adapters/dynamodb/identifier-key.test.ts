import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { identifierKey } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { ownerName } from '../../../lambdas/core/profile/owner-name.ts';

const key = identifierKey('secret');
const hmac = (text: string): string => createHmac('sha256', 'secret').update(text).digest('base64url');
const ids: Identifier[] = [
  'group_id:acme',
  'group_id:users/group_id:acme',
  'group_id:accounts/group_id:acme',
  'email:a@x.org',
  'user_id:acme',
];

it('gives people and accounts keys of their own, whatever they are called', () =>
  expect(
    new Set((['users', 'accounts'] as const).flatMap((collection) => ids.map((id) => key(ownerName(collection, id)))))
      .size,
  ).toBe(10));

it.each([
  { collection: 'users', id: 'email:a@x.org', type: 'email', text: 'email:a@x.org' },
  { collection: 'accounts', id: 'group_id:acme', type: 'group_id', text: 'group_id:acme' },
  { collection: 'users', id: 'group_id:acme', type: 'users/group_id', text: 'users/group_id:acme' },
] as const)('is the key that tables hold: $id of $collection', ({ collection, id, type, text }) =>
  expect(key(ownerName(collection, id))).toBe(`${type}#${hmac(text)}`),
);
