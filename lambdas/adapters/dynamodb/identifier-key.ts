import { createHmac } from 'node:crypto';
import { typeOf } from '../../core/identifiers/identifier.ts';
import { collectionOf, identifierOf, type OwnerName } from '../../core/profile/owner-name.ts';
import type { Definitions } from '../../core/segments/program/compile.ts';
import { asksForAccounts } from '../../core/stitching/accounts.ts';

/** Makes the part of an item's key for an identifier, without personal data. */
export type IdentifierKey = (name: OwnerName) => string;

/** Makes keys `type#hmac` with the deployment's secret, so neither keys nor logs contain identifiers. */
export const identifierKey =
  (secret: string): IdentifierKey =>
  (name) =>
    `${typeOf(keyed(name))}#${createHmac('sha256', secret).update(keyed(name)).digest('base64url')}`;

/** The keys of accounts, where people's segments ask about them; elsewhere nobody reads the secret. */
export const accountKey = async (definitions: Definitions, read: () => Promise<string>): Promise<IdentifierKey> =>
  asksForAccounts(definitions) ? identifierKey(await read()) : noIdentifiers;

const noIdentifiers = (): never => {
  throw new Error('no segment of people asks about accounts, so no identifier has a key');
};

/**
 * Accounts use the plain type and a person's identifier of the same type has a prefix, because accounts used it first.
 */
const keyed = (name: OwnerName): OwnerName => {
  if (typeOf(identifierOf(name)) !== 'group_id') return name;
  return collectionOf(name) === 'accounts' ? identifierOf(name) : `users/${name}`;
};
