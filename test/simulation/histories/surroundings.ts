import type { World } from '../running/worker.ts';
import type { Sabotage } from './sabotage.ts';

/** Runs work to its end, giving turns. */
export type Drive = <T>(work: Promise<T>) => Promise<T>;

/** What a history is played with. */
export interface Surroundings {
  readonly turns: World['turns'];
  readonly drive: Drive;
  readonly sabotage?: Sabotage | undefined;
}
