import fc from 'fast-check';
import { expect } from 'vitest';
import { type Plan, planOf } from '../people/plan.ts';
import { chanceOf } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import { noFaults } from '../running/worker.ts';
import { History } from './history.ts';

/**
 * Plays histories in orders that fast-check chooses; its scheduler, for which every call waits, prints the order of a
 * failure and repeats it from its seed and path.
 */
export async function playChosenOrders(numRuns: number, plan: (seed: number) => Plan = planOf): Promise<Tally> {
  const met = new Tally();
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat(1_000_000),
      fc.infiniteStream(fc.nat(0xffffffff)),
      async (scheduler, seed, numbers) => {
        const { requests, ...whole } = plan(seed);
        const small = { ...whole, requests: requests.slice(0, 6), rates: seed % 2 === 0 ? noFaults : whole.rates };
        const chance = chanceOf(() => numbers.next().value as number);
        const turns = {
          take: <T>(label: string, act: () => T) =>
            scheduler.schedule(Promise.resolve(), label).then(act) as Promise<T>,
        };
        const { violations, tally } = await new History(small, chance, {
          turns,
          drive: (work) => scheduler.waitFor(work),
        }).play();
        met.addAll(tally);
        expect(violations).toEqual([]);
      },
    ),
    { numRuns },
  );
  return met;
}
