import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { joinTouches, type Touches } from './campaign-touch.ts';
import { type Consent, joinConsent } from './consent.ts';
import { type Horizons, joinHorizons } from './horizons.ts';
import { joinMarks, type Marks } from './message-marks.ts';
import { joinRecent, type RecentEvent } from './recent-events.ts';
import { joinTrait, type Trait } from './trait.ts';

export type ProfileId = string;

/** People and accounts are both profiles: `users` and `accounts` in Segment's words. */
export type Collection = 'users' | 'accounts';

/**
 * When something was first and last seen with this profile (event time), and since when it is linked (time of receipt).
 */
export interface Seen {
  readonly first: string;
  readonly last: string;
  readonly linked: string;
}

/** What events stated about a profile, in any order: the part that a merge joins and an unmerge splits. */
export interface Mergeable {
  readonly traits: ReadonlyMap<string, Trait>;
  /** Accounts a person was seen with, by group id. */
  readonly accounts: ReadonlyMap<string, Seen>;
  readonly touches: Touches;
  readonly eventCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Latest events, newest first. */
  readonly recent: readonly RecentEvent[];
  /** Profiles that an operator unmerged from this one; they never merge again. */
  readonly apart: ReadonlySet<ProfileId>;
  /** Segment key → member since. */
  readonly segments: ReadonlyMap<string, string>;
  /** Messages that this profile has counted. */
  readonly marks: Marks;
  /** Places beyond which it dropped values, because it had no room. */
  readonly horizons?: Horizons | undefined;
}

/** One person or account. */
export interface Profile extends Mergeable {
  readonly profileId: ProfileId;
  readonly collection: Collection;
  readonly createdAt: string;
  readonly identifiers: ReadonlyMap<Identifier, Seen>;
  readonly consent: Consent;
  /** Profiles that merged into this one, directly or through others, with the receipt of the event that merged them. */
  readonly merged: ReadonlyMap<ProfileId, string>;
  /** Messages counted in a profile that it was unmerged from. */
  readonly heard: Marks;
  /** When it changes by itself, in milliseconds since 1970; absent if only events can change it. */
  readonly dueAt?: number | undefined;
  /** Statements about this profile itself, without merged ones; absent if nothing was merged. */
  readonly own?: Mergeable | undefined;
}

/** A copy of a profile that a batch may change in place, so maps are copied once a batch instead of once an event. */
export type Draft = Changeable<Omit<Profile, 'own'>> & { own?: MergeableDraft | undefined };
export type MergeableDraft = Changeable<Mergeable>;
/** Maps and sets that events change one by one; all other fields are replaced as a whole. */
type Filled = 'identifiers' | 'traits' | 'consent' | 'accounts' | 'marks';
type Changeable<T> = {
  -readonly [K in keyof T]: K extends Filled
    ? T[K] extends ReadonlyMap<infer Key, infer Value>
      ? Map<Key, Value>
      : T[K]
    : T[K];
};

/** A new profile. `createdAt` is the receipt of the event that made it. */
export const newProfile = (
  profileId: ProfileId,
  event: Pick<Event, 'receivedAt' | 'timestamp'>,
  collection: Collection = 'users',
): Draft => ({
  profileId,
  collection,
  createdAt: event.receivedAt,
  identifiers: new Map(),
  traits: new Map(),
  consent: new Map(),
  accounts: new Map(),
  touches: {},
  eventCount: 0,
  firstSeen: event.timestamp,
  lastSeen: event.timestamp,
  recent: [],
  merged: new Map(),
  apart: new Set(),
  segments: new Map(),
  marks: new Map(),
  heard: new Map(),
});

export const draftOf = (profile: Profile): Draft => ({
  ...profile,
  ...copied(profile),
  identifiers: new Map(profile.identifiers),
  consent: new Map(profile.consent),
  own: profile.own && copied(profile.own),
});

/** A changeable copy of the statements about the profile itself. */
export const ownOf = ({ own, ...all }: Profile): MergeableDraft => copied(own ?? all);

const copied = (from: Mergeable): MergeableDraft => ({
  traits: new Map(from.traits),
  accounts: new Map(from.accounts),
  marks: new Map(from.marks),
  segments: from.segments,
  touches: from.touches,
  recent: from.recent,
  apart: from.apart,
  eventCount: from.eventCount,
  firstSeen: from.firstSeen,
  lastSeen: from.lastSeen,
  horizons: from.horizons,
});

/** Whether a profile, or one that it was unmerged from, has applied the message with this mark. */
export const hasApplied = (profile: Profile | undefined, mark: string): boolean =>
  profile !== undefined && (profile.marks.has(mark) || profile.heard.has(mark));

/** Joins two profiles at `at`. The order of arguments and of joins does not change the result. */
export function joinProfiles(a: Profile, b: Profile, at: string): Draft {
  const [survivor, absorbed] = isOlder(a, b) ? [a, b] : [b, a];
  const merged = joinMaps(survivor.merged, absorbed.merged, earlier);
  return {
    ...survivor,
    ...joinMergeable(survivor, absorbed),
    identifiers: joinMaps(survivor.identifiers, absorbed.identifiers, joinSeen),
    consent: joinMaps(survivor.consent, absorbed.consent, joinConsent),
    merged: merged.set(absorbed.profileId, earlier(merged.get(absorbed.profileId), at)),
    heard: joinMarks(survivor.heard, absorbed.heard),
    own: ownOf(survivor),
  };
}

/** Joins statements about two profiles. A message that both applied counts once. */
export const joinMergeable = (a: Mergeable, b: Mergeable): MergeableDraft => ({
  traits: joinMaps(a.traits, b.traits, joinTrait),
  accounts: joinMaps(a.accounts, b.accounts, joinSeen),
  touches: joinTouches(a.touches, b.touches),
  eventCount: a.eventCount + b.eventCount - [...b.marks.keys()].filter((mark) => a.marks.has(mark)).length,
  firstSeen: least(a.firstSeen, b.firstSeen),
  lastSeen: greatest(a.lastSeen, b.lastSeen),
  recent: joinRecent(a.recent, b.recent),
  apart: a.apart.size + b.apart.size === 0 ? a.apart : new Set([...a.apart, ...b.apart]),
  segments: joinMaps(a.segments, b.segments, earlier),
  marks: joinMarks(a.marks, b.marks),
  horizons: joinHorizons(a.horizons, b.horizons),
});

/** The older profile survives a merge: the one with the smaller (createdAt, profileId). */
export const isOlder = (
  a: Pick<Profile, 'createdAt' | 'profileId'>,
  b: Pick<Profile, 'createdAt' | 'profileId'>,
): boolean => a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.profileId < b.profileId);

export const joinSeen = (a: Seen | undefined, b: Seen): Seen =>
  a === undefined
    ? b
    : { first: least(a.first, b.first), last: greatest(a.last, b.last), linked: least(a.linked, b.linked) };

function joinMaps<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>, join: (a: V | undefined, b: V) => V): Map<K, V> {
  const joined = new Map(a);
  for (const [key, value] of b) joined.set(key, join(joined.get(key), value));
  return joined;
}

export const least = (a: string, b: string): string => (a < b ? a : b);
export const greatest = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string | undefined, b: string): string => least(a ?? b, b);
