/** Chance that always falls the same way for the same seed. */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** A name no other thing of this seed has, e.g. `device-1f0c9a5e77b2`. */
  name(prefix: string): string;
}

/** Chance from a seed. The generator is mulberry32, public domain: 32 bits of state, plenty for a demo. */
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
