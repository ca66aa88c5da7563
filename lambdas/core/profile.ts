import type { Event } from './event.ts';
import { type Identifier, statedTraits } from './identifier.ts';
import { fingerprint, hourOf, type Marks } from './marks.ts';

export type ProfileId = string;

/** What a person's trait is and who said so; a `null` value is a removed trait, remembered so that an older value cannot return. */
export interface Trait {
  readonly value: unknown;
  readonly timestamp: string;
  readonly messageId: string;
  readonly sourceId: string;
}

/** When an identifier was first and last seen with this person, event time. */
export interface Seen {
  readonly first: string;
  readonly last: string;
}

/** One person. Everything in it but `segments` is a join of its events, so their order does not matter. */
export interface Profile {
  readonly profileId: ProfileId;
  readonly createdAt: string;
  readonly identifiers: ReadonlyMap<Identifier, Seen>;
  readonly traits: ReadonlyMap<string, Trait>;
  readonly eventCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Profiles that were merged into this one, directly or through others. */
  readonly mergeCount: number;
  /** Segment key → since when a member. */
  readonly segments: ReadonlyMap<string, string>;
  readonly marks: Marks;
}

/** A copy of a profile that one batch may change in place, so that a profile's maps are copied once a batch and not once an event. */
export type Draft = { -readonly [K in keyof Profile]: Profile[K] extends ReadonlyMap<infer Key, infer Value> ? Map<Key, Value> : Profile[K] };

/** A profile nobody has been seen with yet. `createdAt` is the receipt of the event that made it. */
export const newProfile = (profileId: ProfileId, event: Event): Profile => ({
  profileId,
  createdAt: event.receivedAt,
  identifiers: new Map(),
  traits: new Map(),
  eventCount: 0,
  firstSeen: event.timestamp,
  lastSeen: event.timestamp,
  mergeCount: 0,
  segments: new Map(),
  marks: new Map(),
});

export const draftOf = (profile: Profile): Draft => ({
  ...profile,
  identifiers: new Map(profile.identifiers),
  traits: new Map(profile.traits),
  segments: new Map(profile.segments),
  marks: new Map(profile.marks),
});

export const hasApplied = (profile: Profile | undefined, { messageId }: Event): boolean => profile?.marks.has(fingerprint(messageId)) ?? false;

/** Takes one event into a draft, with the identifiers it was placed by. A message that is marked already changes nothing. */
export function applyEvent(draft: Draft, event: Event, identifiers: readonly Identifier[]): void {
  if (hasApplied(draft, event)) return;
  const { timestamp, messageId, sourceId } = event;
  draft.marks.set(fingerprint(messageId), hourOf(event.receivedAt));
  draft.eventCount += 1;
  draft.firstSeen = least(draft.firstSeen, timestamp);
  draft.lastSeen = greatest(draft.lastSeen, timestamp);
  for (const id of identifiers) draft.identifiers.set(id, joinSeen(draft.identifiers.get(id), { first: timestamp, last: timestamp }));
  for (const [name, value] of Object.entries(statedTraits(event))) {
    draft.traits.set(name, joinTrait(draft.traits.get(name), { value, timestamp, messageId, sourceId }));
  }
}

/** Two profiles become one. The result is the same whichever way round and in whatever order profiles are joined. */
export function joinProfiles(a: Profile, b: Profile): Draft {
  const [survivor, absorbed] = isOlder(a, b) ? [a, b] : [b, a];
  const countedTwice = [...absorbed.marks.keys()].filter((mark) => survivor.marks.has(mark)).length;
  return {
    profileId: survivor.profileId,
    createdAt: survivor.createdAt,
    identifiers: joinMaps(survivor.identifiers, absorbed.identifiers, joinSeen),
    traits: joinMaps(survivor.traits, absorbed.traits, joinTrait),
    eventCount: survivor.eventCount + absorbed.eventCount - countedTwice,
    firstSeen: least(survivor.firstSeen, absorbed.firstSeen),
    lastSeen: greatest(survivor.lastSeen, absorbed.lastSeen),
    mergeCount: survivor.mergeCount + absorbed.mergeCount + 1,
    segments: joinMaps(survivor.segments, absorbed.segments, (x, y) => least(x ?? y, y)),
    marks: joinMaps(survivor.marks, absorbed.marks, (x, y) => Math.max(x ?? y, y)),
  };
}

/** The older profile survives a merge: the smaller (createdAt, profileId). */
export const isOlder = (a: Pick<Profile, 'createdAt' | 'profileId'>, b: Pick<Profile, 'createdAt' | 'profileId'>): boolean =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.profileId < b.profileId);

/** The last word on a trait is the greatest (timestamp, messageId). A message resent with another value is decided by the value, so that order never is. */
export function joinTrait(a: Trait | undefined, b: Trait): Trait {
  if (a === undefined || b.timestamp > a.timestamp) return b;
  if (b.timestamp < a.timestamp || b.messageId < a.messageId) return a;
  return b.messageId > a.messageId || JSON.stringify(b.value) > JSON.stringify(a.value) ? b : a;
}

const joinSeen = (a: Seen | undefined, b: Seen): Seen => (a === undefined ? b : { first: least(a.first, b.first), last: greatest(a.last, b.last) });

function joinMaps<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>, join: (a: V | undefined, b: V) => V): Map<K, V> {
  const joined = new Map(a);
  for (const [key, value] of b) joined.set(key, join(joined.get(key), value));
  return joined;
}

const least = (a: string, b: string): string => (a < b ? a : b);
const greatest = (a: string, b: string): string => (a > b ? a : b);
