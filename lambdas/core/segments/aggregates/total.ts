import type { Kind, ShapeOf } from './kind.ts';

/**
 * How many, and of their amounts the sum, the smallest and the largest; amounts are whole millionths, so that sums are
 * exact in any order.
 */
export interface Sums {
  readonly n: number;
  readonly sum: bigint;
  readonly min?: bigint;
  readonly max?: bigint;
}

export const noSums: Sums = { n: 0, sum: 0n };

const smaller = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;
const larger = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/** Those without an end are without the field, too. */
const sumsOf = (n: number, sum: bigint, min: bigint | undefined, max: bigint | undefined): Sums => ({
  n,
  sum,
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
});

/** The sums of one occurrence. */
export const sumsOfOne = (value: unknown): Sums =>
  typeof value === 'bigint' ? { n: 1, sum: value, min: value, max: value } : { n: 1, sum: 0n };

/** The sums of both. */
export const addSums = (a: Sums, b: Sums): Sums =>
  b.n === 0 && b.max === undefined ? a : sumsOf(a.n + b.n, a.sum + b.sum, smaller(a.min, b.min), larger(a.max, b.max));

/** All occurrences ever. Exact, but a message that two profiles took in is counted twice when they are joined. */
export const total: Kind<ShapeOf<'total'>, Sums> = {
  of: (_shape, { value }) => sumsOfOne(value),
  join: (_shape, a, b) => addSums(a, b),
};
