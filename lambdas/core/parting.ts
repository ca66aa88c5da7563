import { type Consent, speakerOf } from './consent.ts';
import { displacedBy, type Facts, joinFacts, takeOut } from './facts.ts';
import type { Identifier } from './identifier.ts';
import { greatest, isOlder, least, newProfile, type Profile, type ProfileId, type Seen } from './profile.ts';
import type { NewProfileId } from './profile-ids.ts';
import type { Lost } from './profile-item.ts';
import { packFacts } from './profile-packing.ts';
import type { Stored } from './working-set.ts';

/** A live profile, and those merged into it, directly or through others, that keep what undoing takes. */
export interface Whole {
  readonly live: Stored;
  readonly lost: ReadonlyMap<ProfileId, Lost>;
}

/** Two people who were one, the version at which the second is stored now, and the tombstones that change. */
export interface Parts {
  readonly left: Profile;
  readonly parted: Profile;
  readonly version: number | undefined;
  readonly tombstones: readonly Lost[];
}

/** Gives a merged profile its life back: what it was, with what was said under its identifiers since. */
export function partProfile({ live, lost }: Whole, profileId: ProfileId): Parts | undefined {
  const gone = lost.get(profileId);
  if (gone === undefined) return undefined;
  const within = new Set([profileId, ...gone.profile.merged.keys()]);
  const path = pathFrom(gone.mergedInto, lost);
  const others = [...lost.values()].filter((each) => !within.has(each.profile.profileId) && !path.includes(each));
  let { displaced } = gone;
  const steps = path.map((step): Lost => {
    const inside = others.filter((each) => step.profile.merged.has(each.profile.profileId)).map(({ profile }) => profile);
    const profile = without(step.profile, gone, displaced, inside);
    displaced = step.displaced;
    return { ...step, profile };
  });
  const kept = others.map((each) => (isAfter(each, gone) ? withoutHidden(each, gone) : each));
  const said = [...kept, ...steps].flatMap((each) => [each.profile, each.displaced]);
  const apart = [live.profile, ...path.map(({ profile }) => profile)].map((each) => each.profileId);
  return {
    left: without(live.profile, gone, displaced, said),
    parted: revived(gone.profile, live.profile, apart),
    version: gone.version,
    tombstones: [...steps, ...kept.filter((each, n) => each !== others[n])],
  };
}

/** Gives one identifier a profile of its own. What was said of the person stays where it is, but for its consent. */
export function partIdentifier(
  { live, lost }: Whole,
  { identifier, owner }: { readonly identifier: Identifier; readonly owner: ProfileId },
  { at }: { readonly at: string },
  newProfileId: NewProfileId,
): Parts | undefined {
  const seen = live.profile.identifiers.get(identifier);
  if (seen === undefined) return undefined;
  const path = pathFrom(owner, lost);
  const { collection, consent } = live.profile;
  const own = new Map([[identifier, seen]]);
  const parted: Profile = {
    ...newProfile(newProfileId(at, collection), { receivedAt: at, timestamp: seen.first }, collection),
    ...{ identifiers: own, consent: consentUnder(own, consent), ...spanOf(own) },
    apart: new Set([live.profile, ...path.map(({ profile }) => profile)].map(({ profileId }) => profileId)),
  };
  const withoutIt = (profile: Profile) => ({ ...withoutIdentifiers(profile, own), apart: new Set([...profile.apart, parted.profileId]) });
  const tombstones = path.map((step): Lost => ({ ...step, profile: withoutIt(step.profile) }));
  return { left: withoutIt(live.profile), parted, version: undefined, tombstones };
}

/** The tombstones from a profile to the live one. */
function pathFrom(profileId: ProfileId, lost: ReadonlyMap<ProfileId, Lost>): Lost[] {
  const path: Lost[] = [];
  for (let step = lost.get(profileId); step !== undefined && path.length < lost.size; step = lost.get(step.mergedInto)) path.push(step);
  return path;
}

/** One event can merge several; it takes the older first. */
const isAfter = (a: Lost, b: Lost): boolean => a.at > b.at || (a.at === b.at && isOlder(b.profile, a.profile));

/** A tombstone may hide what the parted profile had brought, and hides from now on what that had hidden. */
function withoutHidden(lost: Lost, gone: Lost): Lost {
  const { displaced: hidden } = gone;
  const stillHidden = { ...displacedBy(hidden, lost.profile), recent: hidden.recent };
  const displaced = joinFacts(takeOut(lost.displaced, gone.profile, hidden, []), stillHidden);
  return textOf(displaced) === textOf(lost.displaced) ? lost : { ...lost, displaced };
}

function without(from: Profile, { profile: gone, countedTwice }: Lost, displaced: Facts, others: readonly Facts[]): Profile {
  const facts = takeOut(from, gone, displaced, others);
  return {
    ...withoutIdentifiers(from, gone.identifiers),
    ...facts,
    eventCount: from.eventCount - gone.eventCount + countedTwice,
    merged: new Map([...from.merged].filter(([id]) => id !== gone.profileId && !gone.merged.has(id))),
    apart: new Set([...facts.apart, gone.profileId]),
  };
}

function revived(gone: Profile, { identifiers, consent }: Profile, apart: readonly ProfileId[]): Profile {
  const own = new Map([...identifiers].filter(([id]) => gone.identifiers.has(id)));
  return { ...gone, identifiers: own, consent: consentUnder(own, consent), ...spanOf(own), apart: new Set([...gone.apart, ...apart]) };
}

type Owned = ReadonlyMap<Identifier, Seen>;

function withoutIdentifiers(profile: Profile, lost: Owned): Profile {
  const identifiers = new Map([...profile.identifiers].filter(([id]) => !lost.has(id)));
  return { ...profile, identifiers, consent: consentUnder(identifiers, profile.consent), ...spanOf(identifiers) };
}

const consentUnder = (owned: Owned, consent: Consent): Consent => new Map([...consent].filter(([key]) => owned.has(speakerOf(key))));

/** Every event is said under an identifier, so these tell when a person was seen. */
function spanOf(owned: Owned): Pick<Profile, 'firstSeen' | 'lastSeen'> {
  const all = [...owned.values()];
  return { firstSeen: all.map(({ first }) => first).reduce(least, '9'), lastSeen: all.map(({ last }) => last).reduce(greatest, '') };
}

const textOf = (facts: Facts): string => JSON.stringify(packFacts(facts));
