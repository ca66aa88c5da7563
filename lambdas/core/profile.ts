import { type Consent, joinConsent } from './consent.ts';
import type { Event } from './event.ts';
import { type Horizons, joinHorizons } from './horizons.ts';
import type { Identifier } from './identifier.ts';
import type { Marks } from './marks.ts';
import { joinRecent, type RecentEvent } from './recent.ts';
import { joinTouches, type Touches } from './touch.ts';
import { joinTrait, type Trait } from './trait.ts';

export type ProfileId = string;

/** People and accounts are profiles alike, in Segment's words: `users` and `accounts`. */
export type Collection = 'users' | 'accounts';

/** When something was first and last seen with this profile, event time, and since when it is linked, time of receipt. */
export interface Seen {
  readonly first: string;
  readonly last: string;
  readonly linked: string;
}

/** One person or account. Everything in it but `segments` is a join of its events, so their order does not matter. */
export interface Profile {
  readonly profileId: ProfileId;
  readonly collection: Collection;
  readonly createdAt: string;
  readonly identifiers: ReadonlyMap<Identifier, Seen>;
  readonly traits: ReadonlyMap<string, Trait>;
  readonly consent: Consent;
  /** Accounts a person was seen with, by group id. */
  readonly accounts: ReadonlyMap<string, Seen>;
  readonly touches: Touches;
  readonly eventCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Latest events, newest first. */
  readonly recent: readonly RecentEvent[];
  /** Profiles that were merged into this one, directly or through others, each with the receipt of the event that did it. */
  readonly merged: ReadonlyMap<ProfileId, string>;
  /** Profiles that an operator parted from this one; they never merge again. */
  readonly apart: ReadonlySet<ProfileId>;
  /** Segment key → since when a member. */
  readonly segments: ReadonlyMap<string, string>;
  readonly marks: Marks;
  /** Beyond what it keeps nothing more of what was said, for it had no room. */
  readonly horizons?: Horizons | undefined;
}

/** A copy of a profile that one batch may change in place, so that a profile's maps are copied once a batch and not once an event. */
export type Draft = { -readonly [K in keyof Profile]: Profile[K] extends ReadonlyMap<infer Key, infer Value> ? Map<Key, Value> : Profile[K] };

/** A profile nobody has been seen with yet. `createdAt` is the receipt of the event that made it. */
export const newProfile = (profileId: ProfileId, event: Pick<Event, 'receivedAt' | 'timestamp'>, collection: Collection = 'users'): Draft => ({
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
});

export const draftOf = (profile: Profile): Draft => ({
  ...profile,
  identifiers: new Map(profile.identifiers),
  traits: new Map(profile.traits),
  consent: new Map(profile.consent),
  accounts: new Map(profile.accounts),
  merged: new Map(profile.merged),
  segments: new Map(profile.segments),
  marks: new Map(profile.marks),
});

/** Whether a profile has taken in the message of this mark. */
export const hasApplied = (profile: Profile | undefined, mark: string): boolean => profile?.marks.has(mark) ?? false;

/** Two profiles become one at `at`. The result is the same whichever way round and in whatever order profiles are joined. */
export function joinProfiles(a: Profile, b: Profile, at: string): Draft {
  const [survivor, absorbed] = isOlder(a, b) ? [a, b] : [b, a];
  const countedTwice = [...absorbed.marks.keys()].filter((mark) => survivor.marks.has(mark)).length;
  const merged = joinMaps(survivor.merged, absorbed.merged, earlier);
  return {
    ...survivor,
    identifiers: joinMaps(survivor.identifiers, absorbed.identifiers, joinSeen),
    traits: joinMaps(survivor.traits, absorbed.traits, joinTrait),
    consent: joinMaps(survivor.consent, absorbed.consent, joinConsent),
    accounts: joinMaps(survivor.accounts, absorbed.accounts, joinSeen),
    touches: joinTouches(survivor.touches, absorbed.touches),
    eventCount: survivor.eventCount + absorbed.eventCount - countedTwice,
    firstSeen: least(survivor.firstSeen, absorbed.firstSeen),
    lastSeen: greatest(survivor.lastSeen, absorbed.lastSeen),
    recent: joinRecent(survivor.recent, absorbed.recent),
    merged: merged.set(absorbed.profileId, earlier(merged.get(absorbed.profileId), at)),
    apart: survivor.apart.size + absorbed.apart.size === 0 ? survivor.apart : new Set([...survivor.apart, ...absorbed.apart]),
    segments: joinMaps(survivor.segments, absorbed.segments, earlier),
    marks: joinMaps(survivor.marks, absorbed.marks, (x, y) => Math.max(x ?? y, y)),
    ...(survivor.horizons || absorbed.horizons ? { horizons: joinHorizons(survivor.horizons, absorbed.horizons) } : {}),
  };
}

/** The older profile survives a merge: the smaller (createdAt, profileId). */
export const isOlder = (a: Pick<Profile, 'createdAt' | 'profileId'>, b: Pick<Profile, 'createdAt' | 'profileId'>): boolean =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.profileId < b.profileId);

export const joinSeen = (a: Seen | undefined, b: Seen): Seen =>
  a === undefined ? b : { first: least(a.first, b.first), last: greatest(a.last, b.last), linked: least(a.linked, b.linked) };

function joinMaps<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>, join: (a: V | undefined, b: V) => V): Map<K, V> {
  const joined = new Map(a);
  for (const [key, value] of b) joined.set(key, join(joined.get(key), value));
  return joined;
}

export const least = (a: string, b: string): string => (a < b ? a : b);
export const greatest = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string | undefined, b: string): string => least(a ?? b, b);
