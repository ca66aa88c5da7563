import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before the attempt that follows attempt number `attempt` (1, 2, …). */
export type WaitBeforeAttempt = (attempt: number) => Promise<unknown>;

/** Time and randomness, which tests replace. */
export interface Backoff {
  readonly baseMilliseconds: number;
  readonly capMilliseconds: number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Exponential backoff with full jitter: a random wait up to the base, then up to twice that, and so on to the cap. */
export const backoff =
  ({ baseMilliseconds, capMilliseconds, random, sleep }: Backoff): WaitBeforeAttempt =>
  (attempt) =>
    sleep(random() * Math.min(capMilliseconds, baseMilliseconds * 2 ** (attempt - 1)));

/** Attempts at the profile table before a contended write counts as failed. */
export const maxAttempts = 8;

/** Eight attempts wait at most 5 s in total. */
export const jittered: WaitBeforeAttempt = backoff({
  baseMilliseconds: 25,
  capMilliseconds: 2_000,
  random: Math.random,
  sleep,
});
