import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chanceOf } from './chance.ts';
import { History } from './history.ts';
import { planOf } from './plan.ts';
import { Tally } from './tally.ts';
import { noFaults } from './worker.ts';

/** Every call waits for fast-check's scheduler, which prints the order of a failure and repeats it from its seed and path. */
it('profiles end as they must, in orders that fast-check chooses', async () => {
  const met = new Tally();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(1_000_000), fc.infiniteStream(fc.nat(0xffffffff)), async (scheduler, seed, numbers) => {
      const plan = planOf(seed);
      const small = { ...plan, requests: plan.requests.slice(0, 6), rates: seed % 2 === 0 ? noFaults : plan.rates };
      const chance = chanceOf(() => numbers.next().value as number);
      const turns = { take: <T>(label: string, act: () => T) => scheduler.schedule(Promise.resolve(), label).then(act) as Promise<T> };
      const { violations, tally } = await new History(small, chance, { turns, drive: (work) => scheduler.waitFor(work) }).play();
      met.addAll(tally);
      expect(violations).toEqual([]);
    }),
    { numRuns: 150 },
  );
  expect(met.totalOf('contention: ')).toBeGreaterThan(0);
}, 120_000);
