import { compareTexts } from '../../values/text.ts';
import { formatInstant } from '../../values/time.ts';
import type { Frequency } from '../aggregates/frequency.ts';
import type { Entry } from '../aggregates/occurrence.ts';
import type { Sums } from '../aggregates/total.ts';
import { numberOfAmount } from '../comparisons/reading.ts';
import type { Computing } from '../program/node.ts';
import { entriesIn, keptOf, sumsIn, valuesIn } from './in-window.ts';
import { always, type Course, type Scene } from './known.ts';

const followed = <From, To>({ at, edges }: Course<From>, to: (value: From) => To): Course<To> => ({
  at: (now) => to(at(now)),
  edges,
});

/** What a computation gives; undefined where there is nothing to say. A count or a sum of nothing is 0. */
export function computedValue({ kind, aggregate, span }: Computing, scene: Scene): Course<unknown> {
  const kept = keptOf(scene, aggregate);
  switch (kind) {
    case 'distinct':
      return followed(valuesIn(kept, span, scene.zone), (values) => values.length);
    case 'list':
      return valuesIn(kept, span, scene.zone);
    case 'mostFrequent':
      if (kept.shape.kind === 'frequency')
        return always(ofCounts((kept.state as Frequency | undefined)?.counts ?? new Map()));
      return followed(entriesIn(kept, span, scene.zone), (entries) => ofCounts(countsOf(entries)));
    case 'first':
    case 'firstTime':
    case 'last':
    case 'lastTime':
      return followed(entriesIn(kept, span, scene.zone), (entries) =>
        ofOne(kind, endOf(kind.startsWith('first'), kept.shape.kind, entries)),
      );
    default:
      return followed(sumsIn(kept, span, scene.zone), (sums) => ofSums(kind, sums));
  }
}

/** The first or the last of entries, which are newest first but where they are of the earliest. */
const endOf = (isFirst: boolean, kind: string, entries: readonly Entry[]): Entry | undefined =>
  entries.at(isFirst && kind !== 'earliest' ? -1 : 0);

function ofOne(kind: 'first' | 'firstTime' | 'last' | 'lastTime', entry: Entry | undefined): unknown {
  if (entry === undefined) return undefined;
  return kind === 'first' || kind === 'last' ? entry.value : formatInstant(entry.at);
}

function ofSums(
  kind: 'count' | 'sum' | 'average' | 'minimum' | 'maximum',
  { n, sum, min, max }: Sums,
): number | undefined {
  if (kind === 'count') return n;
  if (kind === 'sum') return numberOfAmount(sum);
  if (n === 0) return undefined;
  if (kind === 'average') return numberOfAmount(sum) / n;
  const end = kind === 'minimum' ? min : max;
  return end === undefined ? undefined : numberOfAmount(end);
}

/** The most frequent; of several, the first by code points. */
const ofCounts = (counts: ReadonlyMap<string, number>): string | undefined =>
  [...counts].sort(([a, n], [b, m]) => m - n || compareTexts(a, b))[0]?.[0];

function countsOf(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { value } of entries) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return counts;
}
