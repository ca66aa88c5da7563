import { formerName } from '../identifiers/former-name.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { type Barrier, barrierText, joinBarriers } from '../privacy/barrier.ts';
import { type Consent, categoryOf, consentKey, isSaidElsewhere, speakerOf } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import { causedBy, type IdentityLogEntry } from './batch/identity-log.ts';
import type { StitchRules } from './batch/rules.ts';
import type { Sighting } from './batch/sighting.ts';
import type { Given, Snapshot, StoredProfile } from './batch/snapshot.ts';
import type { ProfileWrite } from './profile-write.ts';
import { byTodaysRules } from './todays-rules.ts';
import { planChanged } from './wake.ts';

/** An identifier's item as it was read: its owner, and its barrier. */
interface ReadItem {
  readonly identifier: Identifier;
  readonly given: Given | undefined;
  readonly barrier: Barrier | undefined;
}

/**
 * One atomic write: an identifier is another one from a time on. What it named until then keeps its person by a name
 * that no event can state.
 */
export interface ReleaseWrite {
  /** The identifier, and what its barrier is from now on. */
  readonly released: ReadItem;
  readonly barrier: Barrier;
  /** What named the person until then; the identifier itself, unless it was released at a later time before. */
  readonly from: ReadItem;
  /** The name that earlier events have from now on, its owner and its barrier; absent if nothing is known of it. */
  readonly to?:
    | { readonly read: ReadItem; readonly given: Given | undefined; readonly barrier: Barrier | undefined }
    | undefined;
  /** Whether the person was also named after that time, and so keeps both names. */
  readonly stays: boolean;
  /** Who released it, and when, ISO 8601. */
  readonly by: { readonly source: string; readonly at: string };
  /** The person, whose version changes also where nothing else does: whoever read before must read again. */
  readonly person?: ProfileWrite | undefined;
  readonly sightings: readonly Sighting[];
  readonly unkept: number;
}

/** What becomes of the sightings of a batch with releases. */
interface ReleasePlan {
  readonly releases: readonly ReleaseWrite[];
  readonly deferred: readonly Sighting[];
  readonly repeated: readonly Sighting[];
}

export const isRelease = ({ correction }: Sighting): boolean => correction?.release !== undefined;

/** Plans the releases of a batch alone, one for each identifier and person; everything else waits for them. */
export function planReleases(sightings: readonly Sighting[], snapshot: Snapshot, rules: StitchRules): ReleasePlan {
  const releases: ReleaseWrite[] = [];
  const deferred: Sighting[] = [];
  const repeated: Sighting[] = [];
  const taken = new Set<string>();
  for (const sighting of sightings) {
    const release = planRelease(sighting, snapshot, rules);
    const touched = release
      ? [release.released.identifier, ...(release.person ? [release.person.profile.profileId] : [])]
      : [];
    if (isRelease(sighting) && release === undefined) repeated.push(sighting);
    else if (release === undefined || touched.some((one) => taken.has(one))) deferred.push(sighting);
    else releases.push(release);
    for (const one of touched) taken.add(one);
  }
  return { releases, deferred, repeated };
}

/** Plans a release of an identifier; undefined if it is known already. */
function planRelease(sighting: Sighting, snapshot: Snapshot, rules: StitchRules): ReleaseWrite | undefined {
  const { event, correction, identifiers } = sighting;
  const [name] = identifiers;
  if (correction?.release === undefined || name === undefined) return undefined;
  const { identifier, source } = correction.release;
  const read = (id: Identifier): ReadItem => ({
    identifier: id,
    given: snapshot.get(id)?.owner,
    barrier: snapshot.barriers?.get(id),
  });
  const released = read(identifier);
  const from = read(name);
  const barrier = joinBarriers(released.barrier, { released: [event.timestamp] });
  if (barrierText(barrier) === barrierText(released.barrier ?? {})) return undefined;
  const common = { released, barrier, from, by: { source, at: event.timestamp }, sightings: [sighting], unkept: 0 };
  const to = read(formerName(identifier, event.timestamp));
  const kept = formerBarrier(to.barrier, from.barrier);
  const left = { ...common, stays: true, ...(kept && { to: { read: to, given: to.given, barrier: kept } }) };
  const stored = snapshot.get(name);
  if (stored?.profile.collection !== 'users') return left;
  const parted = partedAt(byTodaysRules(stored.profile, rules), { from: name, to: to.identifier, at: event.timestamp });
  const person = personWrite(stored, { sighting, parted, from, to: to.identifier }, rules);
  if (!parted.isNamed) return { ...left, person };
  return { ...common, to: { read: to, given: from.given, barrier: kept }, stays: parted.stays, person };
}

/** What keeps events of the time before out still does so: they come by the former name from now on. */
function formerBarrier(own: Barrier | undefined, { erased }: Barrier = {}): Barrier | undefined {
  return own === undefined && erased === undefined ? undefined : joinBarriers(own, { erased });
}

interface Parting {
  readonly from: Identifier;
  readonly to: Identifier;
  readonly at: string;
}

interface Parted {
  readonly profile: Profile;
  /** Whether the person was named so until the time. */
  readonly isNamed: boolean;
  /** Whether the person was named so after the time. */
  readonly stays: boolean;
}

/** A person whose identifier has another name up to a time. What they are and said stays theirs. */
function partedAt(profile: Profile, { from, to, at }: Parting): Parted {
  const seen = profile.identifiers.get(from);
  const isUntil = (time: string): boolean => Date.parse(time) <= Date.parse(at);
  if (seen === undefined || !isUntil(seen.first)) return { profile, isNamed: false, stays: true };
  const stays = !isUntil(seen.last);
  const identifiers = new Map(profile.identifiers);
  identifiers.delete(from);
  identifiers.set(to, stays ? { ...seen, last: at } : seen);
  if (stays) identifiers.set(from, { ...seen, first: at });
  const isTheirs = (time: string) => !stays || isUntil(time);
  return {
    profile: { ...profile, identifiers, consent: spokenAs(profile.consent, from, to, isTheirs) },
    isNamed: true,
    stays,
  };
}

/** Consent that was given under a name is given under another one. */
const spokenAs = (consent: Consent, from: Identifier, to: Identifier, isTheirs: (time: string) => boolean): Consent =>
  new Map(
    [...consent].map(([key, said]) =>
      speakerOf(key) === from && isTheirs(said.timestamp)
        ? [consentKey(categoryOf(key), to, isSaidElsewhere(key)), said]
        : [key, said],
    ),
  );

interface Naming {
  readonly sighting: Sighting;
  readonly parted: Parted;
  readonly from: ReadItem;
  readonly to: Identifier;
}

function personWrite(stored: StoredProfile, { sighting, parted, from, to }: Naming, rules: StitchRules): ProfileWrite {
  const { event, correction } = sighting;
  // Somebody who remembers whose an identifier is must see that its item says more now.
  const guarded = { ...parted.profile, barred: true as const };
  const write = { ...planChanged(stored, guarded, rules, event.receivedAt), sightings: [sighting] };
  if (!parted.isNamed) return write;
  const { profileId } = stored.profile;
  const { first, linked } = parted.profile.identifiers.get(to) ?? { first: event.timestamp, linked: event.receivedAt };
  // The former name has the cause of the link that it was: the lake and a rebuild know the profile by it.
  const { given = { profileId } } = from;
  const link: IdentityLogEntry = {
    kind: 'link',
    identifier: to,
    profileId: given.profileId,
    messageId: given.messageId ?? event.messageId,
    timestamp: first,
    at: given.at ?? linked,
    ...(given.founds && { founds: true }),
  };
  const rule = `unlink by ${correction?.release?.source ?? ''}`;
  const gone: IdentityLogEntry = { kind: 'release', identifier: from.identifier, profileId, rule, ...causedBy(event) };
  return { ...write, log: parted.stays ? [link] : [gone, link] };
}
