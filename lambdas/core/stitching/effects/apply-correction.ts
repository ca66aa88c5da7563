import type { Event } from '../../events/event.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import type { Survivorship } from '../../lake/survivorship.ts';
import { speakerOf } from '../../profile/consent.ts';
import { greatest, least } from '../../profile/join.ts';
import type { MergeableDraft } from '../../profile/profile.ts';
import { withStatement } from '../../profile/surviving-trait.ts';
import { traitOf } from '../../profile/trait.ts';
import type { TargetState } from '../batch/correction.ts';
import { causedBy } from '../batch/identity-log.ts';
import type { PendingProfile } from '../batch/pending-profile.ts';
import type { Sighting } from '../batch/sighting.ts';

/**
 * Links the identifiers of a correction and sets its profile's target state, unless the profile merged in this batch.
 * It does not count as an event.
 */
export function applyCorrection(
  { draft, bases }: PendingProfile,
  { event, correction }: Sighting,
  identifiers: readonly Identifier[],
  survivorship?: Survivorship,
): void {
  const target = correction?.target;
  const seen = { first: event.timestamp, last: event.timestamp, linked: event.receivedAt };
  for (const id of identifiers) if (!draft.identifiers.has(id)) draft.identifiers.set(id, seen);
  if (target === undefined || bases.length !== 1) return;
  const { eventCount } = draft;
  setState(draft, target, survivorship);
  if (draft.own) setOwnState(draft.own, target, draft.eventCount - eventCount, survivorship);
}

/** A correction changes the statements about the profile itself; merged profiles keep theirs. */
function setOwnState(
  own: MergeableDraft,
  { firstSeen, lastSeen, ...target }: TargetState,
  more: number,
  survivorship: Survivorship | undefined,
): void {
  const span = {
    firstSeen: firstSeen && greatest(firstSeen, own.firstSeen),
    lastSeen: lastSeen && least(lastSeen, own.lastSeen),
  };
  setState(own, { ...target, ...span, eventCount: own.eventCount + more }, survivorship);
}

function setState(
  draft: MergeableDraft,
  { eventCount, firstSeen, lastSeen, traits, forgotten }: TargetState,
  survivorship: Survivorship | undefined,
): void {
  draft.eventCount = eventCount ?? draft.eventCount;
  draft.firstSeen = firstSeen ?? draft.firstSeen;
  draft.lastSeen = lastSeen ?? draft.lastSeen;
  const corrected = new Map(draft.traits);
  for (const { name, value, ...by } of traits)
    corrected.set(name, withStatement(corrected.get(name), traitOf(value, by), name, survivorship));
  for (const name of forgotten) corrected.delete(name);
  draft.traits = corrected;
}

/** Removes an identifier and its consent from the profile; afterwards nobody owns it. */
export function release(pending: PendingProfile, id: Identifier, event: Event): void {
  const { draft, named, claimed, released, log } = pending;
  if (!draft.identifiers.delete(id)) return;
  named.delete(id);
  for (const key of [...draft.consent.keys()]) if (speakerOf(key) === id) draft.consent.delete(key);
  if (!claimed.delete(id)) released.add(id);
  log.push({ kind: 'release', identifier: id, profileId: draft.profileId, ...causedBy(event) });
}
