import { setTimeout as wait } from 'node:timers/promises';

/** Nothing changed for a long time, and what was waited for had not come. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
  constructor(
    readonly what: string,
    readonly reached: number,
    readonly wanted: number,
    seconds: number,
  ) {
    super(`${what}: ${reached} of ${wanted}, and no more in ${seconds} s`);
  }
}

/** How often a count is read, and how long it may stand still. */
export interface Pace {
  /** How long nothing may change, milliseconds. @default 30000 */
  readonly patience?: number;
  /** Least pause between reads, milliseconds; reading never takes more than a fifth of the time. @default 200 */
  readonly interval?: number;
}

/** A count to wait for. */
export interface Waiting extends Pace {
  readonly what: string;
  readonly wanted: number;
  readonly read: () => Promise<number>;
  readonly onProgress?: (reached: number) => void;
}

/** Waits until a count has reached what is wanted; it may take long as long as it grows. @throws Stalled */
export async function until({ what, wanted, read, onProgress, patience = 30_000, interval = 200 }: Waiting): Promise<number> {
  let reached = Number.NEGATIVE_INFINITY;
  for (let changedAt = performance.now(); ; ) {
    const started = performance.now();
    const count = await read();
    onProgress?.(count);
    if (count >= wanted) return count;
    if (count !== reached) changedAt = performance.now();
    reached = count;
    if (performance.now() - changedAt > patience) throw new Stalled(what, reached, wanted, patience / 1000);
    await wait(Math.max(interval, 4 * (performance.now() - started)));
  }
}
