import type { Shape } from '../../../../lambdas/core/segments/aggregates/kind.ts';
import type { Occurrence } from '../../../../lambdas/core/segments/aggregates/occurrence.ts';
import { fingerprint } from '../../../../lambdas/core/values/fingerprint.ts';

type History = readonly Occurrence[];
const newestFirst = (history: History): Occurrence[] =>
  [...history].sort((a, b) => b.at - a.at || (a.mark < b.mark ? 1 : -1));
const entry = ({ at, mark, value }: Occurrence) => (value === undefined ? { at, mark } : { at, mark, value });

function sumsOf(history: History): object {
  const amounts = history
    .flatMap(({ value }) => (typeof value === 'bigint' ? [value] : []))
    .sort((a, b) => (a < b ? -1 : 1));
  const ends = amounts.length === 0 ? {} : { min: amounts[0], max: amounts.at(-1) };
  return { n: history.length, sum: amounts.reduce((a, b) => a + b, 0n), ...ends };
}

function seriesOf(history: History, keep: number, bucket: number, buckets: number): object {
  const ordered = newestFirst(history);
  const newest = Math.floor((ordered[0]?.at ?? 0) / bucket);
  const old = ordered.slice(keep).filter(({ at }) => Math.floor(at / bucket) >= newest - buckets);
  const folded = Map.groupBy(old, ({ at }) => Math.floor(at / bucket));
  return {
    tail: ordered.slice(0, keep).map(entry),
    folded: new Map([...folded].map(([stretch, of]) => [stretch, sumsOf(of)])),
  };
}

function valuesOf(history: History, keep: number): Map<string, number> {
  const last = [...Map.groupBy(history, ({ value }) => String(value))].map(([value, of]) => ({
    value,
    at: Math.max(...of.map(({ at }) => at)),
  }));
  return new Map(
    last
      .sort((a, b) => b.at - a.at || (a.value < b.value ? -1 : 1))
      .slice(0, keep)
      .map(({ value, at }) => [value, at]),
  );
}

function frequencyOf(history: History, keep: number): object {
  const counts = [...Map.groupBy(history, ({ value }) => String(value))].map(
    ([value, of]) => [value, of.length] as const,
  );
  const sample = counts.sort(([a], [b]) => (fingerprint(a) < fingerprint(b) ? -1 : 1)).slice(0, keep);
  return { counts: new Map(sample), over: counts.length > keep };
}

/** What an aggregate must keep of a history, told from the list of its events alone. */
export function expectedOf(shape: Exclude<Shape, { kind: 'pairs' }>, history: History): unknown {
  switch (shape.kind) {
    case 'latest':
      return newestFirst(history).slice(0, shape.keep).map(entry);
    case 'earliest':
      return newestFirst(history).reverse().slice(0, shape.keep).map(entry);
    case 'series':
      return seriesOf(history, shape.keep, shape.bucket, shape.buckets);
    case 'values':
      return valuesOf(history, shape.keep);
    case 'frequency':
      return frequencyOf(history, shape.keep);
    case 'total':
      return sumsOf(history);
  }
}

/** Times at which a B came after an A, and less than `apart` later. */
export const matchesIn = (history: History, apart: number): number[] =>
  history
    .filter(
      ({ part, at }) => part === 'second' && history.some((a) => a.part === 'first' && a.at < at && at - a.at < apart),
    )
    .map(({ at }) => at)
    .sort((a, b) => a - b);
