import { type Chance, seededChance } from '../running/chance.ts';
import { type FaultRates, noFaults } from '../running/worker.ts';
import { type Content, someContents } from './files.ts';

/** Everything that decides a history of imports. */
export interface ImportPlan {
  /** Decides whose turn it is and which fault strikes. */
  readonly seed: number;
  readonly contents: readonly Content[];
  readonly workers: number;
  readonly rates: FaultRates;
  /** Chance that a call takes longer than a lease, and that an invocation has no time left. */
  readonly slow: number;
}

/** Makes the history of a seed: a few files, and anything from no faults to many. */
export function importPlanOf(seed: number): ImportPlan {
  const chance = seededChance(seed);
  const contents = someContents(chance);
  return { seed, contents, workers: 1 + chance.below(3), ...someTroubles(chance) };
}

const someTroubles = (chance: Chance): Pick<ImportPlan, 'rates' | 'slow'> =>
  chance.happens(0.15)
    ? { rates: noFaults, slow: 0 }
    : {
        rates: {
          crash: chance.pick([0, 0.01, 0.05]),
          throttled: chance.pick([0, 0.05, 0.2]),
          writesThrottled: chance.pick([0, 0.05, 0.2]),
          noAnswer: chance.pick([0, 0.03, 0.1]),
          partial: chance.pick([0, 0.1, 0.3]),
          delivery: chance.pick([0, 0.1, 0.3]),
        },
        slow: chance.pick([0, 0.01, 0.05]),
      };
