import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Aggregates } from '../segments/aggregates/aggregate.ts';
import type { Touches } from './campaign-touch.ts';
import type { Consent } from './consent.ts';
import type { Histories } from './histories.ts';
import type { Horizons } from './horizons.ts';
import type { Marks } from './message-marks.ts';
import type { RecentEvent } from './recent-events.ts';
import type { Telling } from './telling.ts';
import type { Trait } from './trait.ts';

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
  /** What segments and computed traits keep of its events. */
  readonly aggregates: Aggregates;
  /** Which of their histories it has; absent before a deployment added an aggregate. */
  readonly histories?: Histories | undefined;
  /** Messages that this profile has counted. */
  readonly marks: Marks;
  /** Places beyond which it dropped values, because it had no room. */
  readonly horizons?: Horizons | undefined;
}

/**
 * By which definitions a profile's segments were decided, and about which time in milliseconds; 0 where time does not
 * count.
 */
export interface Decided {
  readonly by: string;
  readonly at: number;
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
  /** Absent before segments were decided for the first time. */
  readonly decided?: Decided | undefined;
  /** Of a person: an item leads from each of its accounts to it. Only where a segment of people asks about accounts. */
  readonly listed?: true | undefined;
  /** Of an account: its people are still to be woken, because it changed. */
  readonly telling?: Telling | undefined;
  /** Somebody asked to be left alone: the profile is in no segment, and destinations are told nothing but that. */
  readonly suppressed?: true | undefined;
  /** An identifier of it may have a barrier, so the items of its identifiers are read whenever they are named. */
  readonly barred?: true | undefined;
  /** When it changes by itself, in milliseconds since 1970; absent if only events can change it. */
  readonly dueAt?: number | undefined;
  /** Statements about this profile itself, without merged ones; absent if nothing was merged. */
  readonly own?: Mergeable | undefined;
}

/** Finds an account by its group id. */
export type AccountOf = (groupId: string) => Profile | undefined;

/** A copy of a profile that a batch may change in place, so maps are copied once a batch instead of once an event. */
export type Draft = Changeable<Omit<Profile, 'own'>> & { own?: MergeableDraft | undefined };
export type MergeableDraft = Changeable<Mergeable>;
/** Maps and sets that events change one by one; all other fields are replaced as a whole. */
type Filled = 'identifiers' | 'consent' | 'accounts' | 'marks' | 'aggregates';
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
  aggregates: new Map(),
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
  traits: from.traits,
  accounts: new Map(from.accounts),
  marks: new Map(from.marks),
  segments: from.segments,
  aggregates: new Map(from.aggregates),
  touches: from.touches,
  recent: from.recent,
  apart: from.apart,
  eventCount: from.eventCount,
  firstSeen: from.firstSeen,
  lastSeen: from.lastSeen,
  horizons: from.horizons,
  histories: from.histories,
});

/** Whether a profile, or one that it was unmerged from, has applied the message with this mark. */
export const hasApplied = (profile: Profile | undefined, mark: string): boolean =>
  profile !== undefined && (profile.marks.has(mark) || profile.heard.has(mark));
