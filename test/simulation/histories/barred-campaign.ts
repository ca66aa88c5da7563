import { type Campaign, type CampaignOptions, playMany } from '../running/campaign.ts';
import { type Chance, seededChance } from '../running/chance.ts';
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

/** Plays many such histories. */
export const runBarred = (options: CampaignOptions): Promise<Campaign<{ readonly seed: number }>> =>
  playMany(
    options,
    (seed) => ({ seed }),
    ({ seed }) => playSeed(seed),
  );
