import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before the attempt that follows attempt number `attempt` (1, 2, …). */
export type Pause = (attempt: number) => Promise<void>;

/** Attempts at anything that a service pushes back, before it counts as failed. */
export const maxAttempts = 8;

const base = 25;
const longest = 2_000;

/** Exponential back-off with full jitter: up to 25 ms, 50 ms, 100 ms … 2 s. All eight attempts wait 5 s at the most. */
export const jittered: Pause = (attempt) => sleep(Math.random() * Math.min(longest, base * 2 ** (attempt - 1)));
