import { createHmac } from 'node:crypto';
import { typeOf } from '../../core/identifiers/identifier.ts';
import { collectionOf, identifierOf, type OwnerName } from '../../core/profile/owner-name.ts';

/** Makes the part of an item's key for an identifier, without personal data. */
export type IdentifierKey = (name: OwnerName) => string;

/** Makes keys `type#hmac` with the deployment's secret, so neither keys nor logs contain identifiers. */
export const identifierKey =
  (secret: string): IdentifierKey =>
  (name) =>
    `${typeOf(keyed(name))}#${createHmac('sha256', secret).update(keyed(name)).digest('base64url')}`;

/**
 * Accounts use the plain type and a person's identifier of the same type has a prefix, because accounts used it first.
 */
const keyed = (name: OwnerName): OwnerName => {
  if (typeOf(identifierOf(name)) !== 'group_id') return name;
  return collectionOf(name) === 'accounts' ? identifierOf(name) : `users/${name}`;
};
