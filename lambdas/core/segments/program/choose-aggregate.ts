import type { Shape } from '../aggregates/kind.ts';
import type { Computation } from '../language/computation.ts';
import type { Count } from '../language/rule.ts';
import type { Taken } from './aggregate-spec.ts';
import type { Span } from './node.ts';

/**
 * As many occurrences one by one as an aggregate keeps at most; of those that keep values, as many as it keeps unless
 * a definition says.
 */
export const mostKept = 64;
const usuallyKept = 32;
const stretches = 48;
const day = 86_400_000;

/** How far a window looks back, at most: clocks go back an hour, and somewhere two. */
function widthOf(span: Span): number {
  if (span.kind === 'ages') return span.to;
  if (span.kind !== 'calendar') return Number.POSITIVE_INFINITY;
  return span.last * { day: 1, week: 7, month: 31 }[span.unit] * day + day / 12;
}

/** Occurrences over a window, with sums of those that are too many. */
export const seriesOver = (span: Span): Shape => ({
  kind: 'series',
  keep: mostKept,
  buckets: stretches,
  bucket: Math.ceil(widthOf(span) / stretches),
});

/** A sequence: stretches are a sixteenth of the time that A and B may be apart. */
export const pairsWithin = (apart: number): Shape => ({
  kind: 'pairs',
  keep: mostKept,
  apart,
  bucket: Math.max(1, Math.floor(apart / 16)),
});

const isLatest = (span: Span): boolean => span.kind !== 'ages' || span.from === 0;
const isOldest = (span: Span): boolean => span.kind === 'ages' && span.from > 0 && span.to === Number.POSITIVE_INFINITY;

/** What answers how often; a text says why nothing does. */
export function shapeOfCount({ operator, value }: Count, span: Span): Shape | string {
  const keep = operator === 'atLeast' ? value : value + 1;
  if (isLatest(span) && keep <= mostKept) return { kind: 'latest', keep };
  if (isOldest(span))
    return keep <= mostKept
      ? { kind: 'earliest', keep }
      : `must be at most ${mostKept} in a window without an end; got ${value}`;
  return span.kind === 'ever' || span.kind === 'dates' ? { kind: 'total' } : seriesOver(span);
}

/** What answers a computation, and what it takes of each event. */
export function shapeOfComputation(
  { kind, property = '', keep }: Pick<Computation, 'kind' | 'property' | 'keep'>,
  span: Span,
): { readonly shape: Shape; readonly taken?: Taken } | string {
  if (isOldest(span)) return 'must not be without an end: a computation looks back so far or for ever';
  const isEver = span.kind === 'ever' || span.kind === 'dates';
  const many = (as: Taken['as']) => ({ taken: { as, property } });
  switch (kind) {
    case 'count':
      return { shape: isEver ? { kind: 'total' } : seriesOver(span) };
    case 'sum':
    case 'average':
    case 'minimum':
    case 'maximum':
      return { shape: isEver ? { kind: 'total' } : seriesOver(span), ...many('amount') };
    case 'distinct':
      return { shape: { kind: 'values', keep: keep ?? mostKept }, ...many('hash') };
    case 'list':
      return { shape: { kind: 'values', keep: keep ?? usuallyKept }, ...many('text') };
    case 'mostFrequent':
      return { shape: { kind: isEver ? 'frequency' : 'latest', keep: keep ?? usuallyKept }, ...many('text') };
    case 'first':
    case 'last':
      return { shape: onesOf(kind, span), ...many('scalar') };
    case 'firstTime':
    case 'lastTime':
      return { shape: onesOf(kind === 'firstTime' ? 'first' : 'last', span) };
  }
}

/**
 * One is enough, but for the first in a window that moves on and the last in one that ends before now: those are
 * looked for among the latest.
 */
function onesOf(kind: 'first' | 'last', span: Span): Shape {
  if (span.kind === 'ever' || span.kind === 'dates') return { kind: kind === 'first' ? 'earliest' : 'latest', keep: 1 };
  return { kind: 'latest', keep: kind === 'last' && isLatest(span) ? 1 : usuallyKept };
}
