import type { Kind, ShapeOf } from './kind.ts';
import { compareEntries, type Entry, united } from './occurrence.ts';

type Its = ShapeOf<'latest' | 'earliest'>;

/** The entries that count most, those first. */
export type Entries = readonly Entry[];

const ascending = compareEntries;
const descending = (a: Entry, b: Entry): number => compareEntries(b, a);
const orderOf = ({ kind }: Its) => (kind === 'latest' ? descending : ascending);

/** Whether one entry is later than all others, and of another message: most events are. */
function isNewest({ kind, keep }: Its, a: Entries, b: Entries): boolean {
  const [one] = b;
  if (kind !== 'latest' || keep < 1 || one === undefined || b.length > 1) return false;
  for (const { at, mark } of a) if (at >= one.at || mark === one.mark) return false;
  return true;
}

/**
 * The `keep` latest, or earliest, occurrences. Joins are exact, also of the same messages: at least `keep` lie in a
 * window that ends now exactly when the last of the latest does.
 */
export const latest: Kind<Its, Entries> = {
  of: (_shape, { at, mark, value }) => [value === undefined ? { at, mark } : { at, mark, value }],
  join: (shape, a, b) => {
    if (isNewest(shape, a, b)) return [...b, ...a.slice(0, shape.keep - b.length)];
    const both = united(a, b, orderOf(shape)).slice(0, shape.keep);
    return both.length === a.length && both.every((entry, at) => compareEntries(entry, a[at] as Entry) === 0)
      ? a
      : both;
  },
};
