import type { Kind, ShapeOf } from './kind.ts';
import { compareEntries, type Entry, united } from './occurrence.ts';
import { addSums, noSums, type Sums, sumsOfOne } from './total.ts';

type Its = ShapeOf<'series'>;

/** The latest occurrences one by one, and the older ones that a window may still hold by stretches of time. */
export interface Series {
  /** Newest first. */
  readonly tail: readonly Entry[];
  /** Number of the stretch → sums of those that are in it and no longer in the tail. */
  readonly folded: ReadonlyMap<number, Sums>;
}

const newestFirst = (a: Entry, b: Entry): number => compareEntries(b, a);
const stretchOf = ({ bucket }: Its, { at }: Entry): number => Math.floor(at / bucket);

function addTo(folded: Map<number, Sums>, stretch: number, sums: Sums): void {
  folded.set(stretch, addSums(folded.get(stretch) ?? noSums, sums));
}

/** Puts what has no room in the tail into its stretch, and drops stretches that no window of this width can hold. */
function cut(shape: Its, entries: readonly Entry[], folded: ReadonlyMap<number, Sums>): Series {
  const sums = new Map(folded);
  for (const entry of entries.slice(shape.keep)) addTo(sums, stretchOf(shape, entry), sumsOfOne(entry.value));
  const newest = Math.max(...sums.keys(), ...entries.slice(0, 1).map((entry) => stretchOf(shape, entry)));
  for (const stretch of sums.keys()) if (stretch < newest - shape.buckets) sums.delete(stretch);
  return { tail: entries.slice(0, shape.keep), folded: sums };
}

function joinFolded(a: ReadonlyMap<number, Sums>, b: ReadonlyMap<number, Sums>): Map<number, Sums> {
  const both = new Map(a);
  for (const [stretch, sums] of b) addTo(both, stretch, sums);
  return both;
}

/**
 * Occurrences over time. A window's sums are exact while no more than `keep` are inside it; beyond that they lack at
 * most what the stretch at its edge holds. The join of tails is exact; a message that both profiles took in, and one
 * of them has folded, is counted twice.
 */
export const series: Kind<Its, Series> = {
  of: (_shape, { at, mark, value }) => ({
    tail: [value === undefined ? { at, mark } : { at, mark, value }],
    folded: new Map(),
  }),
  join: (shape, a, b) => cut(shape, united(a.tail, b.tail, newestFirst), joinFolded(a.folded, b.folded)),
};
