import { createHmac } from 'node:crypto';
import { typeOf } from '../../core/identifiers/identifier.ts';
import { collectionOf, identifierOf, type OwnerName } from '../../core/profile/owner-name.ts';

/** Makes the part of an item's key that stands for an identifier and names no one. */
export type IdentifierKey = (name: OwnerName) => string;

/** Keys `type#hmac` under the deployment's secret, so that neither a key nor a log line names anyone. */
export const identifierKey =
  (secret: string): IdentifierKey =>
  (name) =>
    `${typeOf(keyed(name))}#${createHmac('sha256', secret).update(keyed(name)).digest('base64url')}`;

/** Accounts had the type before people could, so theirs is the plain key, and a person's of the same type has a mark. */
const keyed = (name: OwnerName): OwnerName => {
  if (typeOf(identifierOf(name)) !== 'group_id') return name;
  return collectionOf(name) === 'accounts' ? identifierOf(name) : `users/${name}`;
};
