/** Random choices that are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** A name that is unique for the seed, e.g. `device-1f0c9a5e77b2`. */
  name(prefix: string): string;
}

/** Random choices from a seed, by mulberry32 (public domain). Its 32 bits of state suffice for a demo. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  let named = 0;
  return {
    below,
    chance: (probability) => fraction() < probability,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    name: (prefix) =>
      `${prefix}-${(named++).toString(16).padStart(6, '0')}${below(2 ** 24)
        .toString(16)
        .padStart(6, '0')}`,
  };
}
