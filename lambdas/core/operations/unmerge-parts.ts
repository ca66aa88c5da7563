import type { Identifier } from '../identifiers/identifier.ts';
import { type Consent, speakerOf } from '../profile/consent.ts';
import { joinHorizons } from '../profile/horizons.ts';
import { joinMarks, type Marks, marksOutside, pruneMarks } from '../profile/message-marks.ts';
import type { NewProfileId } from '../profile/new-profile-id.ts';
import {
  type Facts,
  greatest,
  joinFacts,
  least,
  newProfile,
  ownOf,
  type Profile,
  type ProfileId,
  type Seen,
} from '../profile/profile.ts';
import type { Stored } from '../stitching/snapshot.ts';
import type { Lost } from '../table/profile-item.ts';

/** A live profile, and those merged into it, directly or through others, that keep what undoing takes. */
export interface Whole {
  readonly live: Stored;
  readonly lost: ReadonlyMap<ProfileId, Lost>;
  /** To whom each identifier of the live profile was given, as its item says: to it, or to one of those. */
  readonly owners: ReadonlyMap<Identifier, ProfileId>;
}

/** Two people who were one, and the version at which the second is stored now. */
interface Parts {
  readonly left: Profile;
  readonly parted: Profile;
  readonly version: number | undefined;
}

/** Gives a merged profile its life back, with those merged into it before: each of the two is the join of what was said to its own. */
export function partProfile({ live: { profile }, lost, owners }: Whole, profileId: ProfileId): Parts | undefined {
  const gone = lost.get(profileId);
  if (gone === undefined) return undefined;
  const below = keysIn(gone.profile.merged, profile.merged);
  const within = new Set([profileId, ...below.keys()]);
  const tombstones = [...lost.values()];
  const above = tombstones.filter((each) => each.profile.merged.has(profileId));
  const identifiers = new Map([...profile.identifiers].filter(([id]) => within.has(owners.get(id) ?? '')));
  const theirs = {
    ...ownOf(gone.profile),
    apart: new Set([...gone.profile.apart, profile.profileId, ...above.map(idOf)]),
  };
  const ours = { ...ownOf(profile), apart: new Set([...ownOf(profile).apart, profileId]) };
  const left = {
    ...withoutIdentifiers(profile, identifiers),
    ...joinOf(
      profile.profileId,
      ours,
      tombstones.filter((each) => !within.has(idOf(each))),
    ),
    merged: new Map([...profile.merged].filter(([id]) => !within.has(id))),
  };
  const parted = {
    ...gone.profile,
    ...joinOf(
      profileId,
      withSpan(theirs, identifiers),
      tombstones.filter((each) => below.has(idOf(each))),
    ),
    ...{ identifiers, consent: consentUnder(identifiers, profile.consent), merged: below },
  };
  return { left: hearing(profile, left), parted: hearing(profile, parted), version: gone.version };
}

/** Gives one identifier a profile of its own. What was said of the person stays where it is, but for its consent. */
export function partIdentifier(
  { live: { profile }, lost }: Whole,
  { identifier, owner }: { readonly identifier: Identifier; readonly owner: ProfileId },
  { at }: { readonly at: string },
  newProfileId: NewProfileId,
): Parts | undefined {
  const seen = profile.identifiers.get(identifier);
  if (seen === undefined) return undefined;
  const own = new Map([[identifier, seen]]);
  const above = [...lost.values()].filter((each) => idOf(each) === owner || each.profile.merged.has(owner));
  const fresh = newProfile(
    newProfileId(at, profile.collection),
    { receivedAt: at, timestamp: seen.first },
    profile.collection,
  );
  const parted: Profile = {
    ...withSpan(fresh, own),
    ...{
      identifiers: own,
      consent: consentUnder(own, profile.consent),
      apart: new Set([profile.profileId, ...above.map(idOf)]),
    },
  };
  const apartFrom = <F extends Facts>(facts: F): F => ({
    ...facts,
    apart: new Set([...facts.apart, parted.profileId]),
  });
  const left = { ...apartFrom(withoutIdentifiers(profile, own)), own: profile.own && apartFrom(profile.own) };
  return { left, parted: hearing(profile, parted), version: undefined };
}

const idOf = ({ profile }: Lost): ProfileId => profile.profileId;

/** What was said to a profile itself and to those merged into it. Its tombstones know marks of its own that have faded. */
function joinOf(profileId: ProfileId, facts: Facts, merged: readonly Lost[]): Pick<Profile, keyof Facts | 'own'> {
  const shared = merged.filter(({ mergedInto }) => mergedInto === profileId).map((each) => each.shared);
  const own = { ...facts, marks: shared.reduce(joinMarks, facts.marks) };
  return {
    ...merged.reduce<Facts>((all, each) => joinFacts(all, each.profile), own),
    own: merged.length > 0 ? own : undefined,
  };
}

/** One of two with the marks of all that both had taken in, so that a message that comes again is known to either. */
function hearing({ marks, heard, horizons }: Profile, part: Profile): Profile {
  const known = [marks, heard, part.heard].reduce<Marks>(joinMarks, new Map());
  // Consent is kept by identifier and not by who was told: whatever there was no room for is refused by both.
  const consent = horizons?.consent && joinHorizons(part.horizons, { consent: horizons.consent });
  return { ...part, heard: pruneMarks(marksOutside(known, part.marks)), ...(consent && { horizons: consent }) };
}

type Owned = ReadonlyMap<Identifier, Seen>;

function withoutIdentifiers(profile: Profile, lost: Owned): Profile {
  const identifiers = new Map([...profile.identifiers].filter(([id]) => !lost.has(id)));
  return { ...profile, identifiers, consent: consentUnder(identifiers, profile.consent) };
}

const consentUnder = (owned: Owned, consent: Consent): Consent =>
  new Map([...consent].filter(([key]) => owned.has(speakerOf(key))));

/** Seen also when its identifiers were. */
function withSpan<F extends Facts>(facts: F, owned: Owned): F {
  const all = [...owned.values()];
  return {
    ...facts,
    firstSeen: all.map(({ first }) => first).reduce(least, facts.firstSeen),
    lastSeen: all.map(({ last }) => last).reduce(greatest, facts.lastSeen),
  };
}

const keysIn = <K, V>(map: ReadonlyMap<K, V>, wanted: ReadonlyMap<K, V>): Map<K, V> =>
  new Map([...map].filter(([key]) => wanted.has(key)));
