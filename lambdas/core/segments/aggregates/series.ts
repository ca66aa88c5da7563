import type { Kind, ShapeOf } from './kind.ts';
import { compareEntries, type Entry, united } from './occurrence.ts';
import { addSums, noSums, type Sums, subtractSums, sumsOfOne } from './total.ts';

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
  const newest = Math.max(...[...sums.keys()], ...entries.slice(0, 1).map((entry) => stretchOf(shape, entry)));
  for (const stretch of sums.keys()) if (stretch < newest - shape.buckets) sums.delete(stretch);
  return { tail: entries.slice(0, shape.keep), folded: sums };
}

function joinFolded(a: ReadonlyMap<number, Sums>, b: ReadonlyMap<number, Sums>): Map<number, Sums> {
  const both = new Map(a);
  for (const [stretch, sums] of b) addTo(both, stretch, sums);
  return both;
}

/** All sums by stretch, wherever they are kept. */
function sumsByStretch(shape: Its, { tail, folded }: Series): Map<number, Sums> {
  const all = new Map(folded);
  for (const entry of tail) addTo(all, stretchOf(shape, entry), sumsOfOne(entry.value));
  return all;
}

/** The tail without theirs and with what they had put out of it; number and sum of each stretch are exact at once. */
function part(shape: Its, whole: Series, theirs: Series, lost: Series): Series {
  const gone = new Set(theirs.tail.map(({ mark }) => mark));
  const rest = whole.tail.filter(({ mark }) => !gone.has(mark));
  const tail = united(rest, lost.tail, newestFirst).slice(0, shape.keep);
  const kept = sumsByStretch(shape, { tail, folded: new Map() });
  const other = sumsByStretch(shape, theirs);
  const folded = [...sumsByStretch(shape, whole)].map(([stretch, sums]): [number, Sums] => {
    const own = subtractSums(sums, other.get(stretch) ?? noSums, lost.folded.get(stretch));
    return [stretch, subtractSums(own, kept.get(stretch) ?? noSums, own)];
  });
  return { tail, folded: new Map([...folded, ...lost.folded].filter(([, { n }]) => n > 0)) };
}

/** Entries that the whole no longer has or has of theirs; stretches that the whole dropped, and of others the ends. */
function lost(shape: Its, mine: Series, theirs: Series): Series {
  const whole = series.join(shape, mine, theirs);
  const kept = new Set(whole.tail);
  const tail = mine.tail.filter((entry) => !kept.has(entry) || theirs.tail.some(({ mark }) => mark === entry.mark));
  const endsOf = (sums: Sums): Sums => ({ ...sums, n: 0, sum: 0n });
  const folded = [...mine.folded].map(([stretch, sums]): [number, Sums] => [
    stretch,
    whole.folded.has(stretch) ? endsOf(sums) : sums,
  ]);
  return { tail, folded: new Map(folded) };
}

/**
 * Occurrences over time. A window's sums are exact while no more than `keep` are inside it; beyond that they lack at
 * most what the stretch at its edge holds. The join of tails is exact; a message that both profiles took in, and one
 * of them has folded, is counted twice.
 */
export const series: Kind<Its, Series> = {
  none: { tail: [], folded: new Map() },
  of: (_shape, { at, mark, value }) => ({
    tail: [value === undefined ? { at, mark } : { at, mark, value }],
    folded: new Map(),
  }),
  join: (shape, a, b) => cut(shape, united(a.tail, b.tail, newestFirst), joinFolded(a.folded, b.folded)),
  lost,
  part,
};
