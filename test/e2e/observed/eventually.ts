import { vi } from 'vitest';

/** How long a check may fail, and the pause between two tries, milliseconds. */
interface Patience {
  /** @default 90000 */
  readonly within?: number;
  /** @default 200 */
  readonly every?: number;
}

/**
 * Repeats a check until it passes, and gives back what it found. @throws what the check threw last, once its time is
 * over
 */
export const eventually = <Found>(
  check: () => Promise<Found>,
  { within = 90_000, every = 200 }: Patience = {},
): Promise<Found> => vi.waitFor(check, { timeout: within, interval: every });
