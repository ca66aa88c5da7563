import type { Identifier } from '../identifiers/identifier.ts';
import type { Collection } from './profile.ts';

/**
 * An identifier among those of people and of accounts, who may have the same: `group_id:acme` is an account's in a group call and a person's
 * in `externalIds`. A person's stands for itself; an account's has a slash before it, which no type of identifiers has.
 */
export type OwnerName = Identifier;

const mark = 'accounts/';

export const ownerName = (collection: Collection, id: Identifier): OwnerName =>
  collection === 'accounts' ? `${mark}${id}` : id;
export const collectionOf = (name: OwnerName): Collection => (name.startsWith(mark) ? 'accounts' : 'users');
/** The identifier that a name stands for. */
export const identifierOf = (name: OwnerName): Identifier =>
  name.startsWith(mark) ? (name.slice(mark.length) as Identifier) : name;

/** Under which names the owners of what sightings say are found. */
export const ownerNames = (
  sightings: readonly { readonly collection: Collection; readonly identifiers: readonly Identifier[] }[],
): OwnerName[] =>
  sightings.flatMap(({ collection, identifiers }) => identifiers.map((id) => ownerName(collection, id)));
