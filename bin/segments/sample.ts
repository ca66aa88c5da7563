/** Parts of the table, about equal, that are read one after another; a sample is some of them. */
export const allParts = 64;

/** Parts to read: as many percent of the table, drawn by chance, or all of it. */
export function partsOf(percent: number, random: () => number = Math.random): { part: number; parts: number }[] {
  const parts = Array.from({ length: allParts }, (_, part) => ({ part, parts: allParts, place: random() }));
  const wanted = Math.max(1, Math.ceil((allParts * percent) / 100));
  const drawn = wanted < allParts ? parts.sort((a, b) => a.place - b.place).slice(0, wanted) : parts;
  return drawn.map(({ part }) => ({ part, parts: allParts }));
}

/** How much of the table was read. */
export interface Sample {
  /** Its part of the whole, above 0 to 1. */
  readonly share: number;
  /** By how much numbers of the sample are wrong because parts are not equal: a variance, relative to the number. */
  readonly uneven: number;
}

/** The whole table, about which nothing is to be judged. */
export const whole: Sample = { share: 1, uneven: 0 };

/** The sample of parts that have so many profiles each. */
export function sampleOf(sizes: readonly number[]): Sample {
  const { length: count } = sizes;
  const share = count / allParts;
  const mean = sizes.reduce((sum, size) => sum + size, 0) / count;
  if (count < 2 || mean === 0) return { share, uneven: 0 };
  const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / (count - 1);
  // Equal parts would differ by chance alone. Few parts say little about how unequal others are: Student's factor.
  const excess = Math.max(0, variance - mean) / mean ** 2;
  return { share, uneven: ((excess * (1 - share)) / count) * ((count + 1) / (count - 1)) ** 2 };
}

/** A number of the whole table, judged by a part of it, and its interval of 95 % confidence. */
export interface Judged {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const z = 1.96;

/**
 * Judges the whole by a sample that has `found`. A hash puts profiles into parts, so each is in the sample by chance.
 * The interval is Wilson's with a correction for whole numbers, and wider where parts are unequal.
 */
export function judged(found: number, { share, uneven }: Sample): Judged {
  if (share >= 1) return { value: found, low: found, high: found };
  const chance = z ** 2 * (1 - share);
  const spread = Math.max(0.05, 1 - z ** 2 * uneven);
  const edge = (of: number, side: number): number => {
    const middle = 2 * of + chance;
    return (middle + side * Math.sqrt(middle ** 2 - 4 * spread * of ** 2)) / (2 * spread * share);
  };
  return {
    value: Math.round(found / share),
    low: found === 0 ? 0 : Math.max(found, Math.floor(edge(found - 0.5, -1))),
    high: Math.ceil(edge(found + 0.5, 1)),
  };
}
