import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOfOneBatch } from '../../bench/cost/scale.ts';
import { assumptions } from '../../bench/metering/assumptions.ts';
import { firstLimit } from '../../bench/shards/first-limit.ts';
import { play } from '../../bench/shards/play.ts';
import type { Scenario } from '../../bench/shards/scenario.ts';
import { scenarios } from '../../bench/shards/scenarios.ts';
import { shardCells, shardColumns } from '../../bench/shards/shards-bench.ts';

/** A hundredth of the traffic of the bench, on a hundredth of its shards. */
const small: Scenario = {
  ...{ name: 'small', seconds: 30, eventsPerSecond: 1000, eventBytes: 1000, eventsPerRecord: 20, mixed: false },
  ...{ senders: 2000, skew: 0, hotShare: 0, shards: 2, factor: 1, gatherSeconds: 5, ofOneAccount: 0 },
  ...{ partitions: 4, units: { reads: 1, writes: 1 }, secondsPerWrite: assumptions.dynamoCall },
};

describe('docs/guides/scale.md', () => {
  const page = readFileSync('docs/guides/scale.md', 'utf8');

  it('says what the bench found', () => {
    const { tables } = JSON.parse(readFileSync('bench/results/shards.json', 'utf8')) as {
      tables: readonly { columns: readonly string[]; rows: readonly string[][] }[];
    };
    expect(tables[0]?.columns).toEqual(shardColumns);
    expect(tables[0]?.rows.map(([name]) => name)).toEqual(scenarios.map(({ name }) => name));
    for (const cells of [shardColumns, ...(tables[0]?.rows ?? [])]) expect(page).toContain(`| ${cells.join(' | ')} |`);
  });

  it.each([1, 7])('says what is played now, in its row %i', (row) => {
    const scenario = scenarios[row] as Scenario;
    expect(page).toContain(`| ${shardCells({ scenario, played: play(scenario, 1) }).join(' | ')} |`);
  });
});

describe('the simulation of shards', () => {
  it('keeps account of every event: with its client, on the stream, or stitched', () => {
    const scenario = fc.record({
      eventsPerSecond: fc.integer({ min: 100, max: 4000 }),
      eventsPerRecord: fc.constantFrom(1, 20),
      mixed: fc.boolean(),
      skew: fc.constantFrom(0, 0.6, 1),
      hotShare: fc.constantFrom(0, 0.5),
      shards: fc.integer({ min: 1, max: 4 }),
      factor: fc.integer({ min: 1, max: 3 }),
      splitAt: fc.constantFrom(1, 3, 99),
      partitions: fc.integer({ min: 1, max: 4 }),
      ofOneAccount: fc.constantFrom(0, 0.1),
    });
    fc.assert(
      fc.property(scenario, fc.nat(), (chosen, seed) => {
        const played = play({ ...small, seconds: 8, ...chosen }, seed);
        expect(played.taken + played.withClients).toBe(played.sent);
        expect(played.stitched + played.onStream).toBe(played.taken);
        expect(played.sent).toBeGreaterThan(0);
        expect(play({ ...small, seconds: 8, ...chosen }, seed)).toEqual(played);
      }),
      { numRuns: 50 },
    );
  });

  it('takes of one shard a megabyte a second, and keeps the rest with its clients', () => {
    const { taken, withClients, use } = play({ ...small, eventsPerSecond: 2000, shards: 1 }, 1);
    // A second's worth is there at the beginning.
    expect(taken / ((31 * 2 ** 20) / 1000)).toBeCloseTo(1, 2);
    expect(withClients).toBeGreaterThan(0.4 * 30 * 2000);
    expect(use.in).toBeCloseTo(31 / 30, 2);
  });

  it('stitches of one lane as many events as the table of rates says', () => {
    const batch = { ...small, shards: 1, mixed: true, partitions: 1000, eventsPerSecond: 1000 };
    for (const secondsPerWrite of [assumptions.dynamoCall, assumptions.dynamoTransaction]) {
      const { stitched, use } = play({ ...batch, secondsPerWrite, seconds: 120 }, 1);
      const computed = eventsOfOneBatch(1, secondsPerWrite);
      expect(stitched / (use.lanes * 120) / computed).toBeGreaterThan(0.9);
      expect(stitched / (use.lanes * 120) / computed).toBeLessThan(1.1);
    }
  });

  it('limits a table by its partitions', () => {
    const { stitched, use } = play({ ...small, eventsPerSecond: 2000, mixed: true, partitions: 1, shards: 4 }, 1);
    expect(use.table).toBeGreaterThan(1);
    expect(stitched).toBeLessThan(32 * 1000);
    expect(stitched).toBeGreaterThan(20 * 1000);
  });

  it('reads a shard that was split to its end before those that follow', () => {
    const lagging = { ...small, mixed: true, partitions: 1, eventsPerSecond: 1500, seconds: 60 };
    const before = play({ ...lagging, splitAt: 99 }, 1);
    const split = play({ ...lagging, splitAt: 20 }, 1);
    expect(before.behindAtEnd).toBeGreaterThan(10);
    expect(split.behindAtEnd).toBeGreaterThan(10);
    expect(split.stitched + split.onStream).toBe(split.taken);
  });

  it.each([
    { is: 'nothing', change: {}, said: /^nothing; next / },
    { is: 'a shard', change: { eventsPerSecond: 3000 }, said: /^what a shard takes$/ },
    { is: 'a sender', change: { hotShare: 1, eventsPerSecond: 1200 }, said: /for one sender$/ },
    {
      is: 'the table',
      change: { partitions: 1, mixed: true, eventsPerSecond: 1800 },
      said: /^a partition of the table: \d\d %/,
    },
    { is: 'stitch', change: { secondsPerWrite: 0.2, mixed: true, partitions: 100 }, said: /^batches of stitch$/ },
    {
      is: 'an account',
      change: { ofOneAccount: 1, shards: 40, gatherSeconds: 0, eventsPerSecond: 9000 },
      said: /^writes to one account/,
    },
  ])('names the first limit: $is', ({ change, said }) => {
    expect(firstLimit(play({ ...small, seconds: 150, ...change }, 1))).toMatch(said);
  });
});
