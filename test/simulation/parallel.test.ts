import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf } from './chance.ts';
import { History } from './history.ts';
import { type Plan, planOf } from './plan.ts';
import { playHistory } from './play-history.ts';
import { sabotages } from './sabotage.ts';
import { Tally } from './tally.ts';
import { noFaults } from './worker.ts';

/** Four shards of which Lambda works on ten batches each at once: records of one sender and person stay in order in a lane of their own, and lanes go on by themselves. */
const inLanes = (plan: Plan): Plan => ({ ...plan, shards: 4 * 10 });

const firstSeed = 70_000;
const histories = 200;

describe('ten batches of each shard at once', () => {
  it(`leave profiles as they must be, whatever fails, in histories ${firstSeed} to ${firstSeed + histories - 1}`, async () => {
    const met = new Tally();
    for (let seed = firstSeed; seed < firstSeed + histories; seed++) {
      const { violations, tally } = await playHistory(inLanes(planOf(seed)));
      met.addAll(tally);
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
    for (const name of ['profile', 'identifier', 'merged profile'])
      expect(met.of(`contention: ${name} written by another worker`)).toBeGreaterThan(0);
  });

  it.each(['the version condition is dropped', 'the mark is written by a second call'] as const)('would show that %s', async (mistake) => {
    let seed = firstSeed;
    const breaks = async (): Promise<boolean> => (await playHistory(inLanes(planOf(seed)), sabotages[mistake])).violations.length > 0;
    while (!(await breaks()) && seed < firstSeed + histories) seed += 1;
    expect(seed).toBeLessThan(firstSeed + histories);
  });

  it('leave profiles as they must be in orders that fast-check chooses', async () => {
    const met = new Tally();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(1_000_000), fc.infiniteStream(fc.nat(0xffffffff)), async (scheduler, seed, numbers) => {
        const plan = inLanes(planOf(seed));
        const small = { ...plan, requests: plan.requests.slice(0, 6), rates: seed % 2 === 0 ? noFaults : plan.rates };
        const chance = chanceOf(() => numbers.next().value as number);
        const turns = { take: <T>(label: string, act: () => T) => scheduler.schedule(Promise.resolve(), label).then(act) as Promise<T> };
        const { violations, tally } = await new History(small, chance, { turns, drive: (work) => scheduler.waitFor(work) }).play();
        met.addAll(tally);
        expect(violations).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(met.of('contention: profile written by another worker')).toBeGreaterThan(0);
  });
});
