import { setTimeout as wait } from 'node:timers/promises';

/** Nothing changed for a long time, and what was waited for had not come. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
  readonly what: string;
  readonly reached: number;
  readonly wanted: number;

  constructor(what: string, reached: number, wanted: number, seconds: number) {
    super(`${what}: ${reached} of ${wanted}, and no more in ${seconds} s`);
    this.what = what;
    this.reached = reached;
    this.wanted = wanted;
  }
}

/** How often a count is read, and how long it may stand still. */
export interface Pace {
  /** How long nothing may change, milliseconds. @default 30000 */
  readonly patience?: number;
  /** Least pause between reads, milliseconds. @default 200 */
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
 * Two reads in a row: how long the later took and when it ended after the earlier, milliseconds; what it found more,
 * and what is still missing.
 */
interface Look {
  readonly took: number;
  readonly apart: number;
  readonly gained: number;
  readonly missing: number;
}

/**
 * Milliseconds until the next read: until the rest has come if it comes as fast, yet at most four times as long as a
 * read takes, so that reading is no more than a fifth of the time.
 */
export function pauseAfter({ took, apart, gained, missing }: Look, interval: number): number {
  const untilThere = gained > 0 ? (missing * apart) / gained : Number.POSITIVE_INFINITY;
  return Math.max(interval, Math.min(4 * took, untilThere));
}

/** Waits until a count has reached what is wanted; it may take long as long as it grows. @throws Stalled */
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
