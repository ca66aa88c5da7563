/** Chance that always falls the same way for the same seed. */
export interface Chance {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

/**
 * Chance from a seed. The generator is sfc32, public domain: 128 bits of state, so that neighbouring seeds share
 * nothing.
 */
export function seededChance(seed: number): Chance {
  let [a, b, c, counter] = [0x9e3779b9, seed | 0, Math.floor(seed / 2 ** 32) | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) next();
  return chanceOf(next);
}

/** Chance from any source of whole numbers below 2³². */
export function chanceOf(next: () => number): Chance {
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    happens: (probability) => next() / 2 ** 32 < probability,
    pick: (choices) => choices[below(choices.length)] as (typeof choices)[number],
  };
}
