import { fingerprint } from '../../values/fingerprint.ts';
import { compareTexts } from '../../values/text.ts';
import type { Kind, ShapeOf } from './kind.ts';

type Its = ShapeOf<'frequency'>;

/** How often values were given. */
export interface Frequency {
  readonly counts: ReadonlyMap<string, number>;
  /** There were more values than there is room for: these are a sample of them. */
  readonly over: boolean;
}

/** By their hashes: who is in the sample depends on no order, so the counts of those who are in it are exact. */
function sampled({ keep }: Its, counts: ReadonlyMap<string, number>, over: boolean): Frequency {
  if (counts.size <= keep) return { counts, over };
  const places = [...counts].map(([value, n]) => ({ value, n, place: fingerprint(value) }));
  const first = places.sort((a, b) => compareTexts(a.place, b.place) || compareTexts(a.value, b.value)).slice(0, keep);
  return { counts: new Map(first.map(({ value, n }) => [value, n])), over: true };
}

function added(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): Map<string, number> {
  const both = new Map(a);
  for (const [value, n] of b) both.set(value, (both.get(value) ?? 0) + n);
  return both;
}

/**
 * Counts of values: exact while there are no more than `keep`, and then the exact counts of a sample, which says that
 * it is one. A message that two profiles took in is counted twice when they are joined.
 */
export const frequency: Kind<Its, Frequency> = {
  of: (_shape, { value }) => ({ counts: new Map(value === undefined ? [] : [[String(value), 1]]), over: false }),
  join: (shape, a, b) =>
    b.counts.size === 0 && !b.over ? a : sampled(shape, added(a.counts, b.counts), a.over || b.over),
};
