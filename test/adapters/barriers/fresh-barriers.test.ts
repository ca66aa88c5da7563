import { describe, expect, it } from 'vitest';
import type { BarrierFileVersion } from '../../../lambdas/adapters/barriers/barrier-file.ts';
import { eventBarriers } from '../../../lambdas/adapters/barriers/event-barriers.ts';
import { freshBarriers } from '../../../lambdas/adapters/barriers/fresh-barriers.ts';
import { type BarrierList, noBarriers, withListed } from '../../../lambdas/core/privacy/barrier-list.ts';
import { hashIn, secret } from '../../fakes/memory-barrier-file.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const ofAnn = withListed(noBarriers, [{ hash: hashIn('user_id:ann'), barrier: { suppressed: true } }]);

/** A reader over a file whose version, and whose failure, a test sets. */
function world() {
  const state = { now: 0, version: { list: noBarriers, tag: '"1"' } as BarrierFileVersion, fails: false };
  const reads: (string | undefined)[] = [];
  const warnings: string[] = [];
  const list = freshBarriers({
    file: {
      read: async (tag) => {
        reads.push(tag);
        await Promise.resolve();
        if (state.fails) throw new Error('no S3');
        return tag === state.version.tag ? undefined : state.version;
      },
    },
    now: () => state.now,
    warn: (message) => warnings.push(message),
  });
  return { state, reads, warnings, list };
}

describe('the list of a function', () => {
  it('is read once by all who ask, and again after a minute, with its tag', async () => {
    const { state, reads, list } = world();
    await Promise.all([list(), list(), list()]);
    state.version = { list: ofAnn, tag: '"2"' };
    state.now = 60_000;
    expect(await list()).toBe(noBarriers);
    state.now = 60_001;
    expect((await Promise.all([list(), list()])).map(({ size }) => size)).toEqual([1, 1]);
    state.now = 130_000;
    expect(await list()).toBe(ofAnn);
    expect(reads).toEqual([undefined, '"1"', '"2"']);
  });

  it('lets nothing pass as long as it was never read', async () => {
    const { state, list } = world();
    state.fails = true;
    await expect(list()).rejects.toThrow('no S3');
    state.fails = false;
    expect(await list()).toBe(noBarriers);
  });

  it('serves for a quarter of an hour without S3, which is asked every ten seconds, and then no more', async () => {
    const { state, reads, warnings, list } = world();
    await list();
    state.fails = true;
    for (state.now = 60_001; state.now <= 80_001; state.now += 1_000) expect(await list()).toBe(noBarriers);
    expect([reads.length, warnings.length]).toEqual([3, 2]);
    state.now = 15 * 60_000 + 1;
    await expect(list()).rejects.toThrow('no S3');
    state.now += 1;
    await expect(list()).rejects.toThrow('a quarter of an hour');
    state.fails = false;
    state.now += 10_000;
    expect(await list()).toBe(noBarriers);
  });
});

describe('barriers of events', () => {
  it('read the secret only once somebody has a barrier, and again if that failed', async () => {
    let list: BarrierList = noBarriers;
    let reads = 0;
    const barriers = eventBarriers(configOf(), {
      list: async () => list,
      secret: async () => {
        reads += 1;
        if (reads === 1) throw new Error('no secret');
        return secret;
      },
    });
    expect((await barriers())(eventOf({ userId: 'ann' }))).toBeUndefined();
    expect(reads).toBe(0);
    list = ofAnn;
    await expect(barriers()).rejects.toThrow('no secret');
    expect((await barriers())(eventOf({ userId: 'ann' }))).toBe('suppressed');
    expect((await barriers())(eventOf({ userId: 'bob' }))).toBeUndefined();
    expect(reads).toBe(2);
  });
});
