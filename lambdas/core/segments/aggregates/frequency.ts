import { fingerprint } from '../../profile/message-marks.ts';
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

function added(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, sign: 1 | -1): Map<string, number> {
  const both = new Map(a);
  for (const [value, n] of b) both.set(value, (both.get(value) ?? 0) + sign * n);
  return new Map([...both].filter(([, n]) => n > 0));
}

/**
 * Counts of values: exact while there are no more than `keep`, and then the exact counts of a sample, which says that
 * it is one. A message that two profiles took in is counted twice when they are joined.
 */
export const frequency: Kind<Its, Frequency> = {
  none: { counts: new Map(), over: false },
  of: (_shape, { value }) => ({ counts: new Map(value === undefined ? [] : [[String(value), 1]]), over: false }),
  join: (shape, a, b) =>
    b.counts.size === 0 && !b.over ? a : sampled(shape, added(a.counts, b.counts, 1), a.over || b.over),
  lost: (shape, mine, theirs) => {
    const { counts } = frequency.join(shape, mine, theirs);
    return { counts: new Map([...mine.counts].filter(([value]) => !counts.has(value))), over: mine.over };
  },
  part: (shape, whole, theirs, lost) => {
    const rest = added(added(whole.counts, theirs.counts, -1), lost.counts, 1);
    return sampled(shape, rest, lost.over || (whole.over && rest.size >= shape.keep));
  },
};
