import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allParts, judged, partsOf, sampleOf, whole } from '../../../bin/segments/sample.ts';
import { seededChance } from '../../simulation/running/chance.ts';

const even = (share: number) => ({ share, uneven: 0 });

it.each([
  [100, allParts],
  [50, allParts / 2],
  [1, 1],
  [0.001, 1],
])('%d percent of the table are %d parts, each once', (percent, count) => {
  const parts = partsOf(percent).map(({ part }) => part);
  expect([parts.length, new Set(parts).size]).toEqual([count, count]);
  expect(parts.every((part) => part >= 0 && part < allParts)).toBe(true);
});

it('the whole table is no estimate', () =>
  fc.assert(
    fc.property(fc.nat(), (n) => {
      expect(judged(n, whole)).toEqual({ value: n, low: n, high: n });
    }),
  ));

/** How likely the interval holds the whole, over all samples that there can be of it. */
function certainty(whole: number, share: number): number {
  let sum = 0;
  let logarithm = whole * Math.log(1 - share);
  for (let found = 0; found <= whole; found++) {
    if (found > 0) logarithm += Math.log((whole - found + 1) / found) + Math.log(share / (1 - share));
    const { low, high } = judged(found, even(share));
    if (low <= whole && whole <= high) sum += Math.exp(logarithm);
  }
  return sum;
}

describe.each([1 / 64, 1 / 16, 1 / 2, 7 / 8, 63 / 64])('of %d of the table', (share) => {
  it.each([0, 1, 2, 3, 5, 10, 30, 100, 500, 3000])('the interval holds %d in 95 of 100 samples or more', (n) => {
    expect(certainty(n, share)).toBeGreaterThan(0.95);
  });
  it('the interval of a large number is not wider than it has to be', () => {
    const whole = 1_000_000;
    const { value, low, high } = judged(Math.round(whole * share), even(share));
    expect(Math.abs(value - whole)).toBeLessThan(1 / share);
    const ideal = 2 * 1.96 * Math.sqrt((whole * (1 - share)) / share);
    expect((high - low) / ideal).toBeLessThan(1.02 + 6 / (ideal * share));
  });
});

it.each([
  [0, 1 / 8, { value: 0, low: 0, high: 35 }],
  [1, 1 / 8, { value: 8, low: 1, high: 48 }],
  [100, 1 / 8, { value: 800, low: 662, high: 966 }],
  [100, 63 / 64, { value: 102, low: 100, high: 105 }],
])('%d of %d of the table', (found, share, expected) => expect(judged(found, even(share))).toEqual(expected));

/** How many of a hundred samples hold the whole, where parts of the table have so many people by `sizeOf`. */
function hits(seed: number, parts: number, spreads: number): number {
  const chance = seededChance(seed);
  const runs = 400;
  const right = Array.from({ length: runs }, () => {
    const sizes = Array.from({ length: allParts }, () => 10_000 + chance.below(10_000 * spreads + 1));
    const all = sizes.reduce((sum, size) => sum + size, 0);
    const read = sizes.slice(0, parts);
    const { low, high } = judged(
      read.reduce((sum, size) => sum + size, 0),
      sampleOf(read),
    );
    return low <= all && all <= high;
  }).filter(Boolean).length;
  return (100 * right) / runs;
}

it.each([4, 8, 32, 60])('%d parts of unequal size judge the whole as surely (seed 7)', (parts) => {
  expect(hits(7, parts, 0.5)).toBeGreaterThanOrEqual(93);
});

it('parts that differ by chance alone make no interval wider, and one part says nothing about others', () => {
  expect(sampleOf([100, 103, 97, 105])).toEqual({ share: 4 / allParts, uneven: 0 });
  expect(sampleOf([100])).toEqual({ share: 1 / allParts, uneven: 0 });
  expect(sampleOf([0, 0])).toEqual({ share: 2 / allParts, uneven: 0 });
  expect(sampleOf([1000, 2000, 3000]).uneven).toBeGreaterThan(0.1);
});
