import type { Identifier } from '../identifiers/identifier.ts';
import type { Collection } from './profile.ts';

/**
 * An identifier of a person or of an account, who may have the same: `group_id:acme` belongs to an account in a group
 * call and to a person in `externalIds`. An account's name starts with a slash, which identifier types never contain.
 */
export type OwnerName = Identifier;

const mark = 'accounts/';

export const ownerName = (collection: Collection, id: Identifier): OwnerName =>
  collection === 'accounts' ? `${mark}${id}` : id;
export const collectionOf = (name: OwnerName): Collection => (name.startsWith(mark) ? 'accounts' : 'users');
/** The identifier of a name. */
export const identifierOf = (name: OwnerName): Identifier =>
  name.startsWith(mark) ? (name.slice(mark.length) as Identifier) : name;

/** The names under which the owners of sightings' identifiers are stored, and of the people who name accounts. */
export const ownerNames = (
  sightings: readonly {
    readonly collection: Collection;
    readonly identifiers: readonly Identifier[];
    readonly by?: readonly Identifier[] | undefined;
  }[],
): OwnerName[] =>
  sightings.flatMap(({ collection, identifiers, by = [] }) => [
    ...identifiers.map((id) => ownerName(collection, id)),
    ...by.map((id) => ownerName('users', id)),
  ]);
