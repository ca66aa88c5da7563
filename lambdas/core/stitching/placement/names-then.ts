import { formerName, nameAt } from '../../identifiers/former-name.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import { type OwnerName, ownerName, ownerNames } from '../../profile/owner-name.ts';
import type { Collection } from '../../profile/profile.ts';
import type { Sighting } from '../batch/sighting.ts';
import type { Barriers } from '../batch/snapshot.ts';

/**
 * Sightings with the names that their identifiers had when they happened: an identifier that was released later had
 * another name then. What a job found is by the names of the time at which it said so, and the target of a correction
 * by those in the table.
 */
export function namedThen(sightings: readonly Sighting[], barriers: Barriers | undefined): readonly Sighting[] {
  const isReleased = [...(barriers?.values() ?? [])].some(({ released }) => released !== undefined);
  return isReleased ? sightings.map((sighting) => named(sighting, barriers as Barriers)) : sightings;
}

function named(sighting: Sighting, barriers: Barriers): Sighting {
  const { event, collection, correction, identifiers, by } = sighting;
  if (correction?.target !== undefined) return sighting;
  const isFound = correction !== undefined && correction.release === undefined;
  const at = isFound ? event.receivedAt : event.timestamp;
  const nameOf = (of: Collection) => (id: Identifier) => nameAt(id, at, barriers.get(ownerName(of, id))?.released);
  const mine = identifiers.map(nameOf(collection));
  const theirs = by?.map(nameOf('users'));
  if (areSame(mine, identifiers) && areSame(theirs, by)) return sighting;
  return { ...sighting, identifiers: mine, by: theirs, asStated: sighting };
}

const areSame = (some: readonly string[] = [], others: readonly string[] = []): boolean =>
  some.every((id, n) => id === others[n]);

/** The same sightings by the names that their events state, to be named by the barriers of now. */
export const asStated = (sightings: readonly Sighting[]): readonly Sighting[] =>
  sightings.map((sighting) => sighting.asStated ?? sighting);

/** The names whose items a plan needs: a release also gives a name, whose item may have a barrier. */
export const namesToRead = (sightings: readonly Sighting[]): OwnerName[] => [
  ...ownerNames(sightings),
  ...sightings.flatMap(({ event, correction }) =>
    correction?.release === undefined ? [] : [formerName(correction.release.identifier, event.timestamp)],
  ),
];
