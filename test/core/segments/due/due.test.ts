import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileIdOf } from '../../../../lambdas/core/profile/profile-id.ts';
import { allShards, dueShardOf, dueShards, shardsOf } from '../../../../lambdas/core/segments/due/due-shard.ts';
import {
  dueAttributes,
  dueTimeOf,
  dueUntil,
  isDue,
  lagOf,
  nextTry,
} from '../../../../lambdas/core/segments/due/due-time.ts';

const profileId = 'per_0197a3c0d00000000000000000000001';

describe('the shard of a profile', () => {
  it('is one of 64, whatever the id', () =>
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(allShards).toContain(dueShardOf(id));
      }),
    ));

  it('stays what it was, so that no profile is in the index twice', () => {
    const ids = [profileId, 'acc_0197a3c0d00000000000000000000001', ''];
    expect(ids.map(dueShardOf)).toEqual([49, 51, 6]);
  });

  it('is as good as chance for ids that differ by a millisecond, or by one digit', () => {
    const made = (n: number) => profileIdOf('users', new Date(1_780_000_000_000 + n).toISOString(), '0'.repeat(20));
    const counted = (ids: readonly string[]) =>
      allShards.map((shard) => ids.filter((id) => dueShardOf(id) === shard).length);
    const numbers = Array.from({ length: 6_400 }, (_, n) => n);
    for (const ids of [numbers.map(made), numbers.map((n) => `per_${n.toString(16).padStart(32, '0')}`)]) {
      // 100 are expected, with a deviation of 10.
      expect(Math.min(...counted(ids))).toBeGreaterThan(50);
      expect(Math.max(...counted(ids))).toBeLessThan(150);
    }
  });

  it.each([1, 2, 3, 4, 7, 40, 64])('is in exactly one of %d slices', (slices) => {
    const taken = Array.from({ length: slices }, (_, slice) => shardsOf({ slice, slices }));
    expect(taken.flat().toSorted((a, b) => a - b)).toEqual(allShards);
    const sizes = taken.map((shards) => shards.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(dueShards).toBe(64);
  });
});

describe('the due time of a profile', () => {
  it.each([
    { said: 'a whole second', dueAt: 1_780_000_000_000, seconds: 1_780_000_000 },
    { said: 'a millisecond later', dueAt: 1_780_000_000_001, seconds: 1_780_000_001 },
    { said: 'a millisecond before the next second', dueAt: 1_780_000_000_999, seconds: 1_780_000_001 },
    { said: '1970', dueAt: 0, seconds: 0 },
  ])('is kept in seconds, rounded up: $said', ({ dueAt, seconds }) =>
    expect(dueAttributes({ profileId, dueAt })).toEqual({ dueShard: 49, dueAt: seconds }),
  );

  it('is in no index if there is none', () => expect(dueAttributes({ profileId })).toBeUndefined());

  it('is never early, and late by less than a second', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (dueAt) => {
        const read = dueTimeOf(dueAttributes({ profileId, dueAt })?.dueAt);
        expect(read.dueAt).toBeGreaterThanOrEqual(dueAt);
        expect(read.dueAt).toBeLessThan(dueAt + 1000);
      }),
    ));

  it('is found in the index exactly when the profile says that it is due', () =>
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), (dueAt, now) => {
        const read = dueTimeOf(dueAttributes({ profileId, dueAt })?.dueAt);
        expect(isDue(read, now)).toBe((dueAttributes({ profileId, dueAt })?.dueAt ?? 0) <= dueUntil(now));
      }),
    ));

  it.each([
    { name: 'one second before', now: 9_000, due: false },
    { name: 'a millisecond before', now: 9_999, due: false },
    { name: 'exactly then', now: 10_000, due: true },
    { name: 'later', now: 10_001, due: true },
  ])('is due $name: $due', ({ now, due }) => expect(isDue({ dueAt: 10_000 }, now)).toBe(due));

  it('is never due without one', () => expect(isDue(dueTimeOf(undefined), Number.MAX_SAFE_INTEGER)).toBe(false));

  it('is an hour later for a profile that could not be woken', () => expect(nextTry(10_999)).toBe(3_610));
});

describe('the lag', () => {
  it.each([
    { name: 'nothing is due', oldest: [undefined, undefined], lag: 0 },
    { name: 'something is due now', oldest: [undefined, 1_000], lag: 0 },
    { name: 'something waits', oldest: [940, undefined, 880], lag: 120 },
    { name: 'there are no shards', oldest: [], lag: 0 },
    { name: 'another clock is ahead', oldest: [1_005], lag: 0 },
  ])('is the age of the oldest entry: $name', ({ oldest, lag }) => expect(lagOf(oldest, 1_000_999)).toBe(lag));
});
