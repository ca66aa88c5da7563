import { type Chance, seededChance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import { SeededTurns } from '../running/turns.ts';
import type { FaultRates } from '../running/worker.ts';
import { BarredHistory, type PlantedMistake } from './barred-history.ts';

const faults: FaultRates = {
  crash: 0.01,
  throttled: 0.03,
  writesThrottled: 0.05,
  noAnswer: 0.05,
  partial: 0.05,
  delivery: 0.1,
};

/** What must happen in two hundred histories. */
export const mustHappen = [
  ...['requests: erasure', 'requests: suppress', 'requests: unsuppress', 'profiles deleted', 'merges'],
  ...['requests: opt_out', 'opt-outs completed', 'opt-outs that wait for a suppressed person'],
  ...['refusals beside a yes of a device', 'refusals that may have been taken back'],
  ...['messages kept out: erased', 'messages kept out: suppressed', 'people suppressed at the end'],
  ...['officers who began again: Died', 'contention: profile written by another worker'],
  ...['fault: crash before the call takes effect', 'fault: crash after the call took effect'],
] as const;

/** Plays a history of so many people, of whom some are erased, suppressed or opted out meanwhile. */
export async function playBarred(
  people: number,
  rates: FaultRates,
  chance: Chance,
  planted?: PlantedMistake,
): Promise<BarredHistory> {
  const history = new BarredHistory(new SeededTurns(chance), chance, rates, planted);
  await history.play(people, 6 * people, people);
  return history;
}

/** Plays the history of a seed, with four people and faults of all kinds. */
export const playSeed = (seed: number, planted?: PlantedMistake): Promise<BarredHistory> =>
  playBarred(4, faults, seededChance(seed), planted);

/** Failures after which no further history is played. */
const maxFailures = 5;

interface Failure {
  readonly plan: { readonly seed: number };
  readonly violations: readonly string[];
}

/** Plays `histories` of seeds `seed`, `seed` + 1 and so on, and says which broke an invariant; ends after five of them. */
export async function runBarred({
  seed: first,
  histories,
  onProgress = () => {},
}: {
  readonly seed: number;
  readonly histories: number;
  readonly onProgress?: (done: number, failures: number) => void;
}): Promise<{ readonly tally: Tally; readonly histories: number; readonly failures: readonly Failure[] }> {
  const tally = new Tally();
  const failures: Failure[] = [];
  let done = 0;
  for (; done < histories && failures.length < maxFailures; done += 1) {
    const seed = first + done;
    const { violations, tally: its } = await playSeed(seed);
    tally.addAll(its);
    if (violations.length > 0) failures.push({ plan: { seed }, violations });
    onProgress(done + 1, failures.length);
  }
  return { tally, histories: done, failures };
}
