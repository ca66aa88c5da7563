import type { Correction } from './correction.ts';
import type { Event } from './event.ts';
import type { Group } from './group.ts';
import type { Identifier } from './identifier.ts';
import { causedBy } from './identity-log.ts';
import type { Draft } from './profile.ts';

type Facts = NonNullable<Correction['facts']>;

/**
 * Links what a correction names, and makes the profile what it should be if it still is as it was compared. A correction counts as no event.
 * Gives the identifiers that were taken from the profile.
 */
export function applyCorrection(group: Group, event: Event, { facts }: Correction, identifiers: readonly Identifier[]): Identifier[] {
  const seen = { first: event.timestamp, last: event.timestamp, linked: event.receivedAt };
  const { draft, bases, sightings } = group;
  const isAsCompared = bases.length === 1 && sightings.length === 0 && bases[0]?.version === facts?.version && draft.profileId === facts?.profileId;
  for (const id of identifiers) if (!draft.identifiers.has(id)) draft.identifiers.set(id, seen);
  if (facts === undefined || !isAsCompared) return [];
  setFacts(draft, facts);
  return facts.released.filter((id) => release(group, id, event));
}

function setFacts(draft: Draft, { eventCount, firstSeen, lastSeen, traits, forgotten }: Facts): void {
  draft.eventCount = eventCount ?? draft.eventCount;
  draft.firstSeen = firstSeen ?? draft.firstSeen;
  draft.lastSeen = lastSeen ?? draft.lastSeen;
  for (const { name, ...trait } of traits) draft.traits.set(name, trait);
  for (const name of forgotten) draft.traits.delete(name);
}

/** Whether the profile had the identifier, which from now on nobody has. */
function release(group: Group, id: Identifier, event: Event): boolean {
  if (!group.draft.identifiers.delete(id)) return false;
  if (!group.claimed.delete(id)) group.released.add(id);
  group.log.push({ kind: 'release', identifier: id, profileId: group.draft.profileId, ...causedBy(event) });
  return true;
}
