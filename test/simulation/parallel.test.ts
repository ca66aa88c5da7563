import { describe, expect, it } from 'vitest';
import { numRuns, triesOf } from '../fixtures/laws.ts';
import { playChosenOrders } from './histories/chosen-orders.ts';
import { playHistory } from './histories/play-history.ts';
import { sabotages } from './histories/sabotage.ts';
import { type Plan, planOf } from './people/plan.ts';
import { Tally } from './running/tally.ts';

/**
 * Four shards of which Lambda works on ten batches each at once: records of one sender and person stay in order in a
 * lane of their own, and lanes go on by themselves.
 */
const inLanes = (plan: Plan): Plan => ({ ...plan, shards: 4 * 10 });

const firstSeed = 70_000;
const histories = 200;

describe('ten batches of each shard at once', () => {
  it(`leave profiles as they must be, whatever fails, in histories ${firstSeed} to ${firstSeed + triesOf(histories) - 1}`, async () => {
    const met = new Tally();
    for (let seed = firstSeed; seed < firstSeed + triesOf(histories); seed++) {
      const { violations, tally } = await playHistory(inLanes(planOf(seed)));
      met.addAll(tally);
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
    for (const name of ['profile', 'identifier', 'merged profile'])
      expect(met.of(`contention: ${name} written by another worker`)).toBeGreaterThan(0);
  });

  it.each(['the version condition is dropped', 'the mark is written by a second call'] as const)(
    'would show that %s',
    async (mistake) => {
      let seed = firstSeed;
      const breaks = async (): Promise<boolean> =>
        (await playHistory(inLanes(planOf(seed)), sabotages[mistake])).violations.length > 0;
      while (!(await breaks()) && seed < firstSeed + histories) seed += 1;
      expect(seed).toBeLessThan(firstSeed + histories);
    },
  );

  it('leave profiles as they must be in orders that fast-check chooses', async () => {
    const met = await playChosenOrders(numRuns(100), (seed) => inLanes(planOf(seed)));
    expect(met.of('contention: profile written by another worker')).toBeGreaterThan(0);
  });
});
