import { shortHash } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { type BarrierList, noBarriers, withListed } from '../../lambdas/core/privacy/barrier-list.ts';
import { type BarrierDeps, stopsOf } from '../../lambdas/core/privacy/event-barriers.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { erasureCost, lakeAssumptions } from '../cost/erasure.ts';
import { erasureTable } from '../cost/erasure-table.ts';
import type { Bench } from '../report/bench.ts';
import { config, requestsOf, sampleCalls } from './collect.ts';
import { reference } from './reference.ts';
import { race } from './stopwatch.ts';
import { timingTable } from './timing-table.ts';

const hashOf = shortHash('a-secret-of-identifiers-for-the-bench');
const eventsPerRound = 10_000;
const entries = [0, 10_000, 1_000_000] as const;
/** People who are erased in one run. */
const people = [1, 100, 10_000] as const;

/** A list of people whom no event of the bench names. */
const listOf = (length: number): BarrierList =>
  withListed(
    noBarriers,
    Array.from({ length }, (_, n) => ({
      hash: hashOf(identifier('user_id', `gone-${n}`)),
      barrier: { suppressed: true as const },
    })),
  );

/** What the list of barriers costs an event at collect, where it costs most of what is done for an event; erasures. */
export const privacy: Bench = {
  name: 'privacy',
  about: 'what barriers cost an event at collect, and the dollars of erasing people',
  run: async ({ seed, rounds, progress }) => {
    const calls = sampleCalls(seededRandom(seed), eventsPerRound);
    const contestants = entries.map((length) => {
      const stops = stopsOf(listOf(length), config, hashOf);
      const barred: BarrierDeps = { barriers: async () => stops, countSuppressed: () => {} };
      return { ...requestsOf(calls, 20, undefined, barred), name: `${length.toLocaleString('en')} barriers` };
    });
    const timings = await race(
      [reference(calls.map((call) => JSON.stringify(call))), ...contestants],
      rounds,
      progress,
    );
    const erasures = await Promise.all(people.map((number) => erasureCost(number)));
    return {
      tables: [timingTable('collect: 20 events a request, by barriers', timings), erasureTable(erasures)],
      data: { eventsPerRound, entries, timings, erasures, lakeAssumptions },
    };
  },
};
