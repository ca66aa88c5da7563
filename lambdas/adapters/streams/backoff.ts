import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before the attempt that follows attempt number `attempt` (1, 2, …). */
export type Pause = (attempt: number) => Promise<unknown>;

/** Time and chance, passed in so that tests decide them. */
export interface Backoff {
  readonly baseMilliseconds: number;
  readonly capMilliseconds: number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Exponential back-off with full jitter: anything up to the base, then up to twice that, and so on to the cap. */
export const backoff =
  ({ baseMilliseconds, capMilliseconds, random, sleep }: Backoff): Pause =>
  (attempt) =>
    sleep(random() * Math.min(capMilliseconds, baseMilliseconds * 2 ** (attempt - 1)));

/** Attempts at the profile table, before what it pushes back counts as failed. */
export const maxAttempts = 8;

/** All eight attempts wait 5 s at the most. */
export const jittered: Pause = backoff({ baseMilliseconds: 25, capMilliseconds: 2_000, random: Math.random, sleep });
