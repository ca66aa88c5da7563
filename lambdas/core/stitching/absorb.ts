import type { Event } from '../events/event.ts';
import { boundProfile } from '../limits/profile-bound.ts';
import { joinMarks, type Marks, marksIn } from '../profile/message-marks.ts';
import { type Draft, joinFacts, joinProfiles, ownOf, type Profile, type ProfileId } from '../profile/profile.ts';
import { causedBy } from './identity-log.ts';
import type { Group } from './pending-profile.ts';
import type { Absorbed } from './snapshot.ts';

const none: Marks = new Map();

/** The stored profiles that a group gives to its survivor: its own, unless this batch made it, and those it absorbed before. */
export function lostBy(group: Group, survivor: Profile): Absorbed[] {
  const { draft, bases, absorbed } = group;
  const base = bases.find(({ profile }) => profile.profileId === draft.profileId);
  const lost = base
    ? [{ profile: aloneIn(group), version: base.version, shared: none }, ...absorbed.map(unshared)]
    : absorbed;
  const common = marksIn((survivor.own ?? survivor).marks, draft.marks);
  return lost.map((each) => ({ ...each, shared: joinMarks(each.shared, common) }));
}

/** What it shared with the group's own profile lies in that one's marks, which no longer fade. */
const unshared = (lost: Absorbed): Absorbed => ({ ...lost, shared: none });

/** A group's profile with what was said to itself, without what it claims and absorbs in this batch, for that is the survivor's. */
function aloneIn({ draft: { own, ...draft }, claimed, absorbed }: Group): Profile {
  const isGone = (id: ProfileId) => absorbed.some(({ profile }) => profile.profileId === id || profile.merged.has(id));
  const identifiers = [...draft.identifiers].filter(
    ([id]) => !claimed.has(id) && !absorbed.some(({ profile }) => profile.identifiers.has(id)),
  );
  const merged = [...draft.merged].filter(([id]) => !isGone(id));
  return { ...draft, ...ownOf({ ...draft, own }), identifiers: new Map(identifiers), merged: new Map(merged) };
}

/** What was said to a survivor itself: also what was said to a profile that was never stored, and so can never live again. */
export function takeOver(survivor: Profile, group: Group): Draft['own'] {
  const isStored = group.bases.some(({ profile }) => profile.profileId === group.draft.profileId);
  return isStored ? ownOf(survivor) : joinFacts(ownOf(survivor), ownOf(group.draft));
}

/** Joins a group into another, whose profile is the older and survives. */
export function absorb(survivor: Group, other: Group, event: Event): void {
  const { profileId: absorbed } = other.draft;
  // What either becomes in the table must fit there, and nobody knows yet which of them will be a tombstone.
  for (const group of [survivor, other]) group.draft = boundProfile(group.draft);
  survivor.absorbed = [...survivor.absorbed, ...lostBy(other, survivor.draft)];
  survivor.draft = {
    ...joinProfiles(survivor.draft, other.draft, event.receivedAt),
    own: takeOver(survivor.draft, other),
  };
  survivor.bases.push(...other.bases);
  survivor.sightings.push(...other.sightings);
  survivor.log.push(...other.log, { kind: 'merge', profileId: survivor.draft.profileId, absorbed, ...causedBy(event) });
  for (const id of other.claimed) survivor.claimed.add(id);
  for (const id of other.released) survivor.released.add(id);
  for (const [id, from] of other.taken) survivor.taken.set(id, from);
}
