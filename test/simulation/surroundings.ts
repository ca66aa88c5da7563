import type { Sabotage } from './sabotage.ts';
import type { Tally } from './tally.ts';
import type { World } from './worker.ts';

/** What came of a history. */
export interface Outcome {
  readonly violations: readonly string[];
  readonly tally: Tally;
}

/** Runs work to its end, giving turns. */
export type Drive = <T>(work: Promise<T>) => Promise<T>;

/** What a history is played with. */
export interface Surroundings {
  readonly turns: World['turns'];
  readonly drive: Drive;
  readonly sabotage?: Sabotage | undefined;
}
