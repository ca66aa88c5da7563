import type { Survivorship } from '../lake/survivorship.ts';
import { joinAggregates } from '../segments/aggregates/aggregate.ts';
import { joinTouches } from './campaign-touch.ts';
import { joinConsent } from './consent.ts';
import { joinHistories } from './histories.ts';
import { joinHorizons } from './horizons.ts';
import { joinMarks } from './message-marks.ts';
import {
  type Decided,
  type Draft,
  type Mergeable,
  type MergeableDraft,
  ownOf,
  type Profile,
  type Seen,
} from './profile.ts';
import { joinRecent } from './recent-events.ts';
import { joinStated } from './surviving-trait.ts';

/** Joins two profiles at `at`. The order of arguments and of joins does not change the result. */
export function joinProfiles(a: Profile, b: Profile, at: string, survivorship?: Survivorship): Draft {
  const [survivor, absorbed] = isOlder(a, b) ? [a, b] : [b, a];
  const merged = joinMaps(survivor.merged, absorbed.merged, earlier);
  return {
    ...survivor,
    ...joinMergeable(survivor, absorbed, survivorship),
    identifiers: joinMaps(survivor.identifiers, absorbed.identifiers, joinSeen),
    consent: joinMaps(survivor.consent, absorbed.consent, joinConsent),
    merged: merged.set(absorbed.profileId, earlier(merged.get(absorbed.profileId), at)),
    heard: joinMarks(survivor.heard, absorbed.heard),
    decided: later(survivor.decided, absorbed.decided),
    suppressed: survivor.suppressed ?? absorbed.suppressed,
    barred: survivor.barred ?? absorbed.barred,
    own: ownOf(survivor),
  };
}

/** Joins statements about two profiles. A message that both applied counts once. */
export const joinMergeable = (a: Mergeable, b: Mergeable, survivorship?: Survivorship): MergeableDraft => ({
  traits: joinMaps(a.traits, b.traits, (one, other, name) => joinStated(one, other, name, survivorship)),
  accounts: joinMaps(a.accounts, b.accounts, joinSeen),
  touches: joinTouches(a.touches, b.touches),
  eventCount: a.eventCount + b.eventCount - [...b.marks.keys()].filter((mark) => a.marks.has(mark)).length,
  firstSeen: least(a.firstSeen, b.firstSeen),
  lastSeen: greatest(a.lastSeen, b.lastSeen),
  recent: joinRecent(a.recent, b.recent),
  apart: a.apart.size + b.apart.size === 0 ? a.apart : new Set([...a.apart, ...b.apart]),
  segments: joinMaps(a.segments, b.segments, earlier),
  aggregates: joinAggregates(a.aggregates, b.aggregates),
  marks: joinMarks(a.marks, b.marks),
  horizons: joinHorizons(a.horizons, b.horizons),
  histories: joinHistories(a.histories, b.histories),
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

function joinMaps<K, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
  join: (a: V | undefined, b: V, key: K) => V,
): Map<K, V> {
  const joined = new Map(a);
  for (const [key, value] of b) joined.set(key, join(joined.get(key), value, key));
  return joined;
}

export const least = (a: string, b: string): string => (a < b ? a : b);
export const greatest = (a: string, b: string): string => (a > b ? a : b);
const later = (a: Decided | undefined, b: Decided | undefined): Decided | undefined =>
  a && b ? { by: a.by, at: Math.max(a.at, b.at) } : (a ?? b);
const earlier = (a: string | undefined, b: string): string => least(a ?? b, b);
