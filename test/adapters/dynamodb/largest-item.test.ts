import { describe, expect, it } from 'vitest';
import { packItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { boundProfile } from '../../../lambdas/core/limits/profile-bound.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { longestValue, type Trait, traitOf } from '../../../lambdas/core/profile/trait.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import type { StoredProfile } from '../../../lambdas/core/stitching/batch/snapshot.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { toProfileItem, toTombstone } from '../../../lambdas/core/table/profile-item.ts';
import { fingerprint } from '../../../lambdas/core/values/fingerprint.ts';
import { itemSize } from '../../fakes/item-size.ts';
import { bounds } from '../../fakes/memory-store.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { seededChance } from '../../simulation/running/chance.ts';

/** Nothing in these profiles can be packed: texts are drawn letter by letter, times to the millisecond. */
const seed = 20_260_501;
const chance = seededChance(seed);
console.log(`largest-item: seed ${seed}`);

const letters = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).filter((one) => !'"\\'.includes(one));
/** Drawn once, for it takes long; every text is a piece of it. */
const pool = Array.from({ length: 2 ** 20 }, () => letters[chance.below(letters.length)]).join('');
const text = (length: number): string => {
  const at = chance.below(pool.length - length);
  return pool.slice(at, at + length);
};
/** As many characters, of three bytes each. */
const wide = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(0x4e00 + chance.below(0x5000))).join('');
const time = (): string => new Date(Date.UTC(2026, 0, 1) + chance.below(2 ** 31) * 4).toISOString();
const seen = () => ({ first: time(), last: time(), linked: time() });
const by = () => ({ timestamp: time(), messageId: wide(100), sourceId: 'a'.repeat(40) });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/** Values of each size, so many that there is no room for half of them; whatever is kept fills its room. */
const sizes: Readonly<Record<string, (n: number) => Trait>> = {
  'values as long as they may be': () => traitOf(text(longestValue - 2), by()),
  'values that fill their room': () => traitOf(text(4096 - 40 - 302 - 2), by()),
  'small values': () => traitOf(text(120), by()),
  'values of every size': (n) => traitOf(text(1 + ((n * 797) % longestValue)), by()),
  'numbers and short messages': (n) => traitOf(n, { ...by(), messageId: text(30) }),
  'values that are quotes and signs': () => traitOf('"\\\u0001é'.repeat(400), by()),
};

/**
 * A person who was told more of everything than there is room for. `ids` are their identifiers. What the younger was
 * told hides what the older was.
 */
const grown = (profileId: string, ids: readonly string[], trait: (n: number) => Trait): Profile => ({
  ...newProfile(profileId, eventOf({ receivedAt: minute(profileId === 'p1' ? 1 : 2) })),
  identifiers: new Map(ids.map((id) => [id as `${string}:${string}`, seen()])),
  traits: new Map(
    times(500, (n) => [
      `${n}${'n'.repeat(125)}`,
      { ...trait(n), timestamp: minute(2 * n + (profileId === 'p1' ? 0 : 1)) },
    ]),
  ),
  consent: new Map(
    times(400, (n) => [`${n}|anonymous_id:${n}`, { granted: false, timestamp: time(), messageId: wide(100) }]),
  ),
  accounts: new Map([
    ...times(200, () => [wide(500), seen()] as const),
    ...times(500, () => [text(4), seen()] as const),
  ]),
  touches: { first: touch(), last: touch() },
  recent: times(10, () => ({ type: 'track' as const, name: wide(60), ...by() })),
  merged: new Map(times(99, (n) => [`per_${profileId}${fingerprint(text(9))}${fingerprint(text(9))}${n}`, time()])),
  apart: new Set(times(100, () => `per_${fingerprint(text(9))}${fingerprint(text(9))}`)),
  segments: new Map(times(50, (n) => [`segment_${n}`, time()])),
  marks: profileId === 'p1' ? marks('message') : marks(chance.below(2) === 0 ? 'message' : 'other'),
  heard: marks('heard'),
  eventCount: 4000,
});
const touch = () => ({
  ...{ timestamp: time(), messageId: wide(100), referrer: `https://x.example/${'r'.repeat(280)}` },
  campaign: { source: wide(100), medium: wide(100), name: wide(100), term: wide(100), content: wide(100) },
});
const marks = (name: string) => new Map(times(4000, (n) => [fingerprint(`${name} ${n}`), 490_000 + (n % 24)] as const));

const segments = times(50, (n) => ({ key: `segment_${n}`, name: 'x', where: { trait: `t${n}`, operator: 'missing' } }));
const config = configOf({
  segments,
  identity: { defaultLimit: 1000, limits: {}, caps: { merges: 1000 }, breaker: { merges: 1000 } },
});

/**
 * Identifiers of the two: as many as the cap has, shared out, or nearly all of them the younger's; each takes all bytes
 * that it may.
 */
const shared = times(998, () => `x:${text(46)}`);
const holders = {
  'each with half the identifiers': [shared.slice(0, 499), shared.slice(499)],
  'the one that is lost with nearly all identifiers': [shared.slice(0, 1), shared.slice(1)],
} as const;

describe.each(Object.entries(holders))('two people at all their bounds, %s', (_, [older, younger]) => {
  it.each(Object.keys(sizes))('fit the table, alone and as one, with what undoing takes: %s', (size) => {
    const people = [
      grown('p1', ['user_id:1', ...older], sizes[size] as (n: number) => Trait),
      grown('p2', younger, sizes[size] as (n: number) => Trait),
    ];
    const stored = people.map((profile): StoredProfile => ({ profile: boundProfile(profile), version: 7 }));
    const snapshot = new Map(
      stored.flatMap((one) => [...one.profile.identifiers.keys()].map((id) => [id, one] as const)),
    );
    const both = eventOf({
      userId: '1',
      context: { externalIds: [{ id: younger[0]?.slice(2), type: 'x', collection: 'users', encoding: 'none' }] },
    });
    const { writes, capped } = planStitch(sight([both], config), snapshot, config, () => 'new');
    expect(capped).toEqual([]);
    const [write] = writes;
    const [lost] = write?.absorbed ?? [];
    if (write === undefined || lost === undefined) throw new Error('they must merge');
    const log = times(100, () => ({
      kind: 'link' as const,
      profileId: 'p1',
      identifier: `x:${text(46)}` as const,
      ...{ messageId: wide(100), timestamp: time(), at: time() },
    }));
    const items = {
      alone: toProfileItem(boundProfile(people[1] as Profile), 7, { changes: write.changes, log }),
      merged: toProfileItem(write.profile, 8, { changes: write.changes, log }),
      tombstone: toTombstone({ ...lost, mergedInto: 'p1', messageId: wide(100), at: time() }),
    };
    const bytes = Object.fromEntries(Object.entries(items).map(([name, item]) => [name, itemSize(packItem(item))]));
    console.log(`largest-item: ${size}: ${JSON.stringify(bytes)}`);
    expect(Object.entries(bytes).filter(([, size]) => size > bounds.itemBytes)).toEqual([]);
    expect([4001, 8001]).toContain(write.profile.eventCount);
    expect(write.profile.identifiers.size).toBe(new Set(['user_id:1', ...older, ...younger]).size);
    expect(write.profile.horizons).toMatchObject({
      traits: expect.anything(),
      accounts: expect.anything(),
      consent: expect.anything(),
    });
  });
});
