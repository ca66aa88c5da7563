import { type Identifier, typeOf } from '../../core/identifiers/identifier.ts';
import type { ShortHash } from '../../core/privacy/barrier-list.ts';
import { collectionOf, identifierOf, type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { Definitions } from '../../core/segments/program/compile.ts';
import { erasesPeople, type Source } from '../../core/sources/definition.ts';
import { asksForAccounts } from '../../core/stitching/accounts.ts';
import { keyedHash } from './keyed-hash.ts';

/** Makes the part of an item's key for an identifier, without personal data. */
export type IdentifierKey = (name: OwnerName) => string;

/** Makes keys `type#hmac` with the deployment's secret, so neither keys nor logs contain identifiers. */
export function identifierKey(secret: string): IdentifierKey {
  const hashOf = keyedHash(secret);
  return (name) => `${typeOf(keyed(name))}#${hashOf(keyed(name)).toString('base64url')}`;
}

/** Makes short hashes of people's identifiers, as a list of barriers has them: the beginning of the hash in the key. */
export function shortHash(secret: string): (id: Identifier) => ShortHash {
  const hashOf = keyedHash(secret);
  return (id) => halvesOf(hashOf(keyed(ownerName('users', id))));
}

/** The short hash in a key. */
export const shortHashIn = (key: string): ShortHash =>
  halvesOf(Buffer.from(key.slice(key.lastIndexOf('#') + 1), 'base64url'));

const halvesOf = (digest: Buffer): ShortHash => ({ high: digest.readUInt32BE(0), low: digest.readUInt32BE(4) });

/** The keys of accounts, where people's segments ask about them; elsewhere nobody reads the secret. */
export const accountKey = async (definitions: Definitions, read: () => Promise<string>): Promise<IdentifierKey> =>
  asksForAccounts(definitions) ? identifierKey(await read()) : noIdentifiers;

/** The keys of whom sources ask to erase, where any does; elsewhere nobody reads the secret. */
export const erasureKey = async (sources: readonly Source[], read: () => Promise<string>): Promise<IdentifierKey> =>
  erasesPeople(sources) ? identifierKey(await read()) : noIdentifiers;

const noIdentifiers = (): never => {
  throw new Error('nothing that is configured asks about identifiers here, so none has a key');
};

/**
 * Accounts use the plain type and a person's identifier of the same type has a prefix, because accounts used it first.
 */
const keyed = (name: OwnerName): OwnerName => {
  if (typeOf(identifierOf(name)) !== 'group_id') return name;
  return collectionOf(name) === 'accounts' ? identifierOf(name) : `users/${name}`;
};
