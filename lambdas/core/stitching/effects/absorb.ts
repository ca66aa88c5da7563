import type { Event } from '../../events/event.ts';
import type { Survivorship } from '../../lake/survivorship.ts';
import { boundProfile } from '../../limits/profile-bound.ts';
import { joinMergeable, joinProfiles } from '../../profile/join.ts';
import { joinMarks, type Marks, marksIn } from '../../profile/message-marks.ts';
import { type Draft, ownOf, type Profile, type ProfileId } from '../../profile/profile.ts';
import { causedBy } from '../batch/identity-log.ts';
import type { PendingProfile } from '../batch/pending-profile.ts';
import type { Absorbed } from '../batch/snapshot.ts';

const none: Marks = new Map();

/**
 * Stored profiles that a pending profile gives to its survivor: its own, unless this batch made it, and those that it
 * absorbed before.
 */
export function handOver(pending: PendingProfile, survivor: Profile): Absorbed[] {
  const { draft, bases, absorbed } = pending;
  const base = bases.find(({ profile }) => profile.profileId === draft.profileId);
  const handed = base
    ? [{ profile: aloneIn(pending), version: base.version, shared: none }, ...absorbed.map(unshared)]
    : absorbed;
  const common = marksIn((survivor.own ?? survivor).marks, draft.marks);
  return handed.map((each) => ({ ...each, shared: joinMarks(each.shared, common) }));
}

/** Marks shared with the pending profile are in that profile's marks, which no longer expire. */
const unshared = (profile: Absorbed): Absorbed => ({ ...profile, shared: none });

/** A pending profile with only its own statements, without what it claims and absorbs in this batch. */
function aloneIn({ draft: { own, ...draft }, claimed, absorbed }: PendingProfile): Profile {
  const isGone = (id: ProfileId) => absorbed.some(({ profile }) => profile.profileId === id || profile.merged.has(id));
  const identifiers = [...draft.identifiers].filter(
    ([id]) => !claimed.has(id) && !absorbed.some(({ profile }) => profile.identifiers.has(id)),
  );
  const merged = [...draft.merged].filter(([id]) => !isGone(id));
  return { ...draft, ...ownOf({ ...draft, own }), identifiers: new Map(identifiers), merged: new Map(merged) };
}

/** The survivor's own statements, including those of profiles that were never stored and so can never be restored. */
export function takeOver(survivor: Profile, pending: PendingProfile, survivorship?: Survivorship): Draft['own'] {
  const isStored = pending.bases.some(({ profile }) => profile.profileId === pending.draft.profileId);
  return isStored ? ownOf(survivor) : joinMergeable(ownOf(survivor), ownOf(pending.draft), survivorship);
}

/** Joins a pending profile into another, which is older and survives. */
export function absorb(
  survivor: PendingProfile,
  other: PendingProfile,
  event: Event,
  survivorship?: Survivorship,
): void {
  const { profileId: absorbed } = other.draft;
  // Both profiles must fit the table, because either may become the tombstone.
  for (const pending of [survivor, other]) pending.draft = boundProfile(pending.draft, survivorship);
  survivor.absorbed = [...survivor.absorbed, ...handOver(other, survivor.draft)];
  survivor.draft = {
    ...joinProfiles(survivor.draft, other.draft, event.receivedAt, survivorship),
    own: takeOver(survivor.draft, other, survivorship),
  };
  survivor.bases.push(...other.bases);
  survivor.sightings.push(...other.sightings);
  survivor.log.push(...other.log, { kind: 'merge', profileId: survivor.draft.profileId, absorbed, ...causedBy(event) });
  for (const id of other.claimed) survivor.claimed.add(id);
  for (const id of other.released) survivor.released.add(id);
  for (const account of other.joined) survivor.joined.add(account);
  for (const [id, from] of other.taken) survivor.taken.set(id, from);
}
