import { describe, expect, it } from 'vitest';
import { receiptSigner, receiptVerifier } from '../../../lambdas/adapters/secrets/receipt-signer.ts';
import { defaultRetention } from '../../../lambdas/core/contract/retention.ts';
import type { LakeSays } from '../../../lambdas/core/privacy/lake-end.ts';
import type { LakeProof } from '../../../lambdas/core/privacy/lake-proof.ts';
import { longestErasure } from '../../../lambdas/core/privacy/longest-erasure.ts';
import { verifyReceipts } from '../../../lambdas/core/privacy/receipt-file.ts';
import { byLake, daysOf } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import { storesByHand, waitingStores } from '../../../lambdas/core/privacy/waiting-stores.ts';
import { configOf } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing } from '../../fixtures/in-memory/ann-and-bob.ts';
import { byDefault, officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';

const [hour, day] = [3_600_000, 86_400_000];
const segments = [{ key: 'vip', name: 'Known', where: { trait: 'email', operator: 'exists' } }];
const told = configOf({ segments, destinations: [{ id: 'crm', kind: 'webhook', segments: ['vip'] }] });
const began = Date.parse('2026-05-01T12:00:00.000Z');
const at = (milliseconds: number): string => new Date(began + milliseconds).toISOString();
const ofLake = stores.filter(({ erasedBy }) => erasedBy.startsWith(byLake));
const tables = ofLake.filter(({ days }) => days === undefined).map(({ name }) => name);
const ofTables = ofLake.filter(({ days }) => days !== undefined);
const versions = ofTables.map(({ name }) => name);

/** What proves an erasure of the beginning, if the table was empty then. */
const proof: LakeProof = {
  version: 1,
  runs: [{ startedAt: at(2 * day), endedAt: at(2 * day + hour), upTo: at(0) }],
  cleanedBefore: at(3 * day),
};

/** Ann erased, whatever people do by hand done, and an officer whose clock and lake can be moved on. */
async function erased(config = configOf()) {
  const world = { now: 0, lake: {} as LakeSays };
  const officer = officerInMemory(await annAndBob(config), config, {
    now: () => at(world.now),
    endsBy: async () => ({ ...byDefault, lake: world.lake }),
  });
  await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
  for (const store of storesByHand) await officer.settle(requestIdOf(1), store);
  const runAt = async (now: number) => {
    world.now = now;
    await officer.runOpen();
    return officer.show(requestIdOf(1));
  };
  const left = async () => {
    const ends = { ...byDefault, lake: world.lake };
    return waitingStores(await officer.show(requestIdOf(1)), at(world.now), ends).map(({ store }) => store);
  };
  return { world, officer, runAt, left };
}

describe('an erasure whose lake is proven', () => {
  it('is completed with the last store that goes by its time, and not a millisecond before', async () => {
    const { world, officer, runAt, left } = await erased();
    world.lake = { proof };
    await runAt(3 * day);
    expect(await runAt(24 * day - 1)).toMatchObject({ state: 'waiting' });
    expect(await left()).toContain('raw events');
    const completed = await runAt(24 * day);
    expect(completed).toMatchObject({ state: 'completed', completedAt: at(24 * day) });
    const text = await officer.receipts(requestIdOf(1));
    expect(verifyReceipts(text, receiptVerifier, receiptSigner('a secret').publicKey)).toMatchObject({
      ok: true,
      file: { state: 'completed', waiting: [] },
    });
    expect(completed.receipts?.map(({ store }) => store).sort()).toEqual(
      stores.flatMap(({ name, holds }) => (holds === undefined ? [] : [name])).sort(),
    );
    // Nothing is left to do.
    expect((await officer.runOpen()).done).toEqual([]);
  });

  it('is completed days after a late proof, when earlier versions of the files are gone', async () => {
    const { world, runAt, left } = await erased();
    const before = await runAt(40 * day);
    expect(waitingStores(before, at(40 * day), byDefault).map(({ store }) => store)).toEqual(
      stores.flatMap(({ name }) => ([...tables, ...versions].includes(name) ? [name] : [])),
    );
    world.lake = { proof };
    const proven = await runAt(41 * day);
    const evidence = expect.stringContaining(`ran from ${at(2 * day)} to ${at(2 * day + hour)}, for erasures up to`);
    expect(proven.receipts?.slice(-tables.length)).toEqual(
      tables.map((store) => expect.objectContaining({ store, ended: 'emptied', evidence, at: at(41 * day) })),
    );
    expect(waitingStores(proven, at(41 * day), byDefault)).toEqual(
      ofTables.map((store) => ({
        ...{ store: store.name, waitsFor: `its time: ${at((41 + (daysOf(store, defaultRetention) ?? 0)) * day)}` },
      })),
    );
    await runAt(45 * day - 1);
    expect(await left()).toEqual(versions);
    const { receipts = [] } = await runAt(45 * day);
    expect((await runAt(51 * day - 1)).state).toBe('waiting');
    expect(await left()).toEqual(['histories of new definitions', 'query results']);
    expect(await runAt(51 * day)).toMatchObject({ state: 'completed' });
    expect(receipts.at(-1)).toMatchObject({
      store: 'the lake bucket’s other versions, and files of its tables',
      ended: 'expired',
      evidence: `4 days, with 3 by which its service may be late, passed since the tables of the lake had their receipts at ${at(41 * day)}`,
    });
  });

  it('says of nothing that is made of the lake’s tables that it ended before they did, also of who is in them alone', async () => {
    const world = { now: 0, lake: {} as LakeSays };
    const officer = officerInMemory(await annAndBob(), configOf(), {
      now: () => at(world.now),
      endsBy: async () => ({ ...byDefault, lake: world.lake }),
    });
    // The profile table has nothing of them, so it is empty at once; a query may copy their rows any day.
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:zoe');
    const ended = async (now: number) => {
      world.now = now;
      await officer.runOpen();
      return (await officer.show(requestIdOf(1))).receipts?.map(({ store }) => store) ?? [];
    };
    const made = ['histories of new definitions', 'query results'];
    const late = await ended(300 * day);
    expect(late).toContain('raw events');
    expect(late.filter((store) => made.includes(store))).toEqual([]);
    world.lake = { proof };
    await ended(301 * day);
    expect((await ended(311 * day - 1)).filter((store) => made.includes(store))).toEqual([]);
    expect((await ended(311 * day)).filter((store) => made.includes(store))).toEqual(made);
  });

  it('keeps the receipts that it has, whatever the eraser says later', async () => {
    const { world, runAt } = await erased();
    world.lake = { proof };
    await runAt(3 * day);
    for (const lake of [{}, { problem: 'unreadable' }]) {
      world.lake = lake;
      expect(await runAt(23 * day)).toMatchObject({ state: 'waiting' });
    }
    expect(await runAt(24 * day)).toMatchObject({ state: 'completed' });
  });

  it('ends other stores while the proof cannot be read, and a run says why none of the lake did', async () => {
    const { world, officer, runAt } = await erased();
    world.lake = { problem: 'version: must be 1' };
    const { receipts = [], state } = await runAt(24 * day);
    expect(state).toBe('waiting');
    const ended = receipts.map(({ store }) => store);
    expect(ended).toContain('raw events');
    for (const { name } of ofLake) expect(ended).not.toContain(name);
    expect(await officer.runOpen()).toEqual({ done: [], failed: [], lakeProblem: 'version: must be 1' });
    expect(await officer.receipts(requestIdOf(1))).toContain('whose proof cannot be read: version: must be 1');
  });

  it('is completed within the days that are said, by runs every hour, if the lake is as late as it may be', async () => {
    const { world, runAt } = await erased(told);
    const { days } = longestErasure(defaultRetention);
    let [completed, emptied] = [Number.POSITIVE_INFINITY, 0];
    for (let now = hour - 1; now < 28 * day && completed > now; now += hour) {
      // Each night a run, whose files go after a week.
      const night = Math.floor(now / day) * day;
      const runs = [{ startedAt: at(night), endedAt: at(night + hour / 2), upTo: at(0) }];
      const earlier = [{ startedAt: at(night - 8 * day), endedAt: at(night - 8 * day + hour), upTo: at(0) }];
      world.lake = { proof: { version: 1, runs: [...earlier, ...runs], cleanedBefore: at(night - 7 * day) } };
      const { state, tableEmptiedAt } = await runAt(now);
      if (emptied === 0 && tableEmptiedAt !== undefined) emptied = now;
      if (state === 'completed') completed = now;
    }
    expect(emptied / hour).toBeGreaterThan(5);
    expect(completed / day).toBeLessThanOrEqual(days);
    expect(completed / day).toBeGreaterThan(24);
  });
});
