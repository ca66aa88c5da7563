import type { Identifier } from '../identifiers/identifier.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import { type Consent, speakerOf } from '../profile/consent.ts';
import { joinHorizons } from '../profile/horizons.ts';
import { greatest, joinMergeable, least } from '../profile/join.ts';
import { joinMarks, type Marks, marksOutside, pruneMarks } from '../profile/message-marks.ts';
import type { NewProfileId } from '../profile/new-profile-id.ts';
import { type Mergeable, newProfile, ownOf, type Profile, type ProfileId, type Seen } from '../profile/profile.ts';
import type { StoredProfile } from '../stitching/batch/snapshot.ts';
import type { Tombstone } from '../table/profile-item.ts';

/** A live profile, and the profiles merged into it, directly or through others, that can be restored. */
export interface MergedPerson {
  readonly live: StoredProfile;
  readonly tombstones: ReadonlyMap<ProfileId, Tombstone>;
  /** The profile that got each identifier of the live profile, by the identifier's item: this one, or a merged one. */
  readonly owners: ReadonlyMap<Identifier, ProfileId>;
}

/** The two people after an unmerge, and the stored version of the second. */
interface TwoPeople {
  readonly left: Profile;
  readonly parted: Profile;
  readonly version: number | undefined;
}

/**
 * Restores a merged profile with the profiles merged into it before: each of the two people is the join of its own
 * statements.
 */
export function unmergeProfile(
  { live: { profile }, tombstones, owners }: MergedPerson,
  profileId: ProfileId,
  survivorship?: Survivorship,
): TwoPeople | undefined {
  const tombstone = tombstones.get(profileId);
  if (tombstone === undefined) return undefined;
  const below = keysIn(tombstone.profile.merged, profile.merged);
  const within = new Set([profileId, ...below.keys()]);
  const merged = [...tombstones.values()];
  const above = merged.filter((each) => each.profile.merged.has(profileId));
  const identifiers = new Map([...profile.identifiers].filter(([id]) => within.has(owners.get(id) ?? '')));
  const theirs = {
    ...ownOf(tombstone.profile),
    apart: new Set([...tombstone.profile.apart, profile.profileId, ...above.map(idOf)]),
  };
  const ours = { ...ownOf(profile), apart: new Set([...ownOf(profile).apart, profileId]) };
  const left = {
    ...withoutIdentifiers(profile, identifiers),
    ...joinOf(
      profile.profileId,
      ours,
      merged.filter((each) => !within.has(idOf(each))),
      survivorship,
    ),
    merged: new Map([...profile.merged].filter(([id]) => !within.has(id))),
  };
  const parted = {
    ...tombstone.profile,
    ...joinOf(
      profileId,
      withSpan(theirs, identifiers),
      merged.filter((each) => below.has(idOf(each))),
      survivorship,
    ),
    identifiers,
    consent: consentUnder(identifiers, profile.consent),
    merged: below,
  };
  return { left: hearing(profile, left), parted: hearing(profile, parted), version: tombstone.version };
}

/** Gives one identifier its own profile. All statements stay with the person, except consent under that identifier. */
export function unmergeIdentifier(
  { live: { profile }, tombstones }: MergedPerson,
  { identifier, owner }: { readonly identifier: Identifier; readonly owner: ProfileId },
  { at }: { readonly at: string },
  newProfileId: NewProfileId,
): TwoPeople | undefined {
  const seen = profile.identifiers.get(identifier);
  if (seen === undefined) return undefined;
  const own = new Map([[identifier, seen]]);
  const above = [...tombstones.values()].filter((each) => idOf(each) === owner || each.profile.merged.has(owner));
  const fresh = newProfile(
    newProfileId(at, profile.collection),
    { receivedAt: at, timestamp: seen.first },
    profile.collection,
  );
  const parted: Profile = {
    ...withSpan(fresh, own),
    identifiers: own,
    consent: consentUnder(own, profile.consent),
    apart: new Set([profile.profileId, ...above.map(idOf)]),
  };
  const apartFrom = <F extends Mergeable>(mergeable: F): F => ({
    ...mergeable,
    apart: new Set([...mergeable.apart, parted.profileId]),
  });
  const left = { ...apartFrom(withoutIdentifiers(profile, own)), own: profile.own && apartFrom(profile.own) };
  return { left, parted: hearing(profile, parted), version: undefined };
}

const idOf = ({ profile }: Tombstone): ProfileId => profile.profileId;

/**
 * The join of a profile's own statements and of those merged into it. The tombstones keep marks that the profile
 * dropped.
 */
function joinOf(
  profileId: ProfileId,
  mergeable: Mergeable,
  merged: readonly Tombstone[],
  survivorship: Survivorship | undefined,
): Pick<Profile, keyof Mergeable | 'own'> {
  const shared = merged.filter(({ mergedInto }) => mergedInto === profileId).map((each) => each.shared);
  const own = { ...mergeable, marks: shared.reduce(joinMarks, mergeable.marks) };
  return {
    ...merged.reduce<Mergeable>((all, each) => joinMergeable(all, each.profile, survivorship), own),
    own: merged.length > 0 ? own : undefined,
  };
}

/** One of the two people with the marks of both, so that either recognizes a repeated message. */
function hearing({ marks, heard, horizons, suppressed, barred }: Profile, part: Profile): Profile {
  const known = [marks, heard, part.heard].reduce<Marks>(joinMarks, new Map());
  // Consent is stored by identifier, so a category without room is refused for both people.
  const consent = horizons?.consent && joinHorizons(part.horizons, { consent: horizons.consent });
  return {
    ...part,
    heard: pruneMarks(marksOutside(known, part.marks)),
    ...(consent && { horizons: consent }),
    suppressed,
    barred,
  };
}

type Owned = ReadonlyMap<Identifier, Seen>;

function withoutIdentifiers(profile: Profile, removed: Owned): Profile {
  const identifiers = new Map([...profile.identifiers].filter(([id]) => !removed.has(id)));
  return { ...profile, identifiers, consent: consentUnder(identifiers, profile.consent) };
}

const consentUnder = (owned: Owned, consent: Consent): Consent =>
  new Map([...consent].filter(([key]) => owned.has(speakerOf(key))));

/** The times of its identifiers also extend its first and last sight. */
function withSpan<F extends Mergeable>(mergeable: F, owned: Owned): F {
  const all = [...owned.values()];
  return {
    ...mergeable,
    firstSeen: all.map(({ first }) => first).reduce(least, mergeable.firstSeen),
    lastSeen: all.map(({ last }) => last).reduce(greatest, mergeable.lastSeen),
  };
}

const keysIn = <K, V>(map: ReadonlyMap<K, V>, wanted: ReadonlyMap<K, V>): Map<K, V> =>
  new Map([...map].filter(([key]) => wanted.has(key)));
