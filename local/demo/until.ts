import { setTimeout as wait } from 'node:timers/promises';

/** A count stopped growing before it reached its goal. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
  readonly what: string;
  readonly reached: number;
  readonly wanted: number;

  constructor(what: string, reached: number, wanted: number, seconds: number) {
    super(`${what}: ${reached} of ${wanted}, without a change for ${seconds} s`);
    this.what = what;
    this.reached = reached;
    this.wanted = wanted;
  }
}

/** How often a wait reads a count, and how long the count may stay the same. */
export interface Pace {
  /** Longest time without a change, milliseconds. @default 30000 */
  readonly patience?: number;
  /** Shortest pause between reads, milliseconds. @default 200 */
  readonly interval?: number;
}

/** A count to wait for. */
interface Waiting extends Pace {
  readonly what: string;
  readonly wanted: number;
  readonly read: () => Promise<number>;
  readonly onProgress?: (reached: number) => void;
}

/**
 * Two consecutive reads: the duration of the later one, the time between their ends (milliseconds), the growth of the
 * count, and the rest up to the goal.
 */
interface Look {
  readonly took: number;
  readonly apart: number;
  readonly gained: number;
  readonly missing: number;
}

/**
 * Milliseconds until the next read: the expected time for the rest at the current speed, and at most four times the
 * duration of a read. So reads take at most a fifth of the time.
 */
export function pauseAfter({ took, apart, gained, missing }: Look, interval: number): number {
  const untilThere = gained > 0 ? (missing * apart) / gained : Number.POSITIVE_INFINITY;
  return Math.max(interval, Math.min(4 * took, untilThere));
}

/** Waits until a count reaches its goal. A wait has no limit while the count grows. @throws Stalled */
export async function until({
  what,
  wanted,
  read,
  onProgress,
  patience = 30_000,
  interval = 200,
}: Waiting): Promise<number> {
  let reached: number | undefined;
  for (let changedAt = performance.now(), lookedAt = changedAt; ; ) {
    const started = performance.now();
    const count = await read();
    onProgress?.(count);
    if (count >= wanted) return count;
    const now = performance.now();
    const gained = count - (reached ?? count);
    if (count !== reached) changedAt = now;
    reached = count;
    if (now - changedAt > patience) throw new Stalled(what, count, wanted, patience / 1000);
    await wait(pauseAfter({ took: now - started, apart: now - lookedAt, gained, missing: wanted - count }, interval));
    lookedAt = now;
  }
}
