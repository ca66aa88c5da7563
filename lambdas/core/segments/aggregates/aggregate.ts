import { type Frequency, frequency } from './frequency.ts';
import type { Kind, Shape } from './kind.ts';
import { type Entries, latest } from './latest.ts';
import type { Occurrence } from './occurrence.ts';
import { type Pairs, pairs } from './pairs.ts';
import { type Series, series } from './series.ts';
import { type Sums, total } from './total.ts';
import { type Values, values } from './values.ts';

/** What an aggregate of some kind keeps; its shape tells the kind. */
export type State = Entries | Series | Values | Frequency | Pairs | Sums;

/** What a profile keeps of some of its events. */
export interface Aggregate {
  readonly shape: Shape;
  readonly state: State;
}

/** A profile's aggregates, by the id of their spec. */
export type Aggregates = ReadonlyMap<string, Aggregate>;

function kindOf({ kind }: Shape): Kind<Shape, State> {
  switch (kind) {
    case 'latest':
    case 'earliest':
      return latest;
    case 'series':
      return series;
    case 'values':
      return values;
    case 'frequency':
      return frequency;
    case 'pairs':
      return pairs;
    case 'total':
      return total;
  }
}

/** Takes an event in. A message that the profile knows already must not be given again. */
export const withOccurrence = (shape: Shape, known: Aggregate | undefined, occurrence: Occurrence): Aggregate =>
  joinAggregate(known, { shape, state: kindOf(shape).of(shape, occurrence) });

/** What two profiles know together; `a` itself where `b` adds nothing to it. */
export function joinAggregate(a: Aggregate | undefined, b: Aggregate): Aggregate {
  if (a === undefined) return b;
  const state = kindOf(a.shape).join(a.shape, a.state, b.state);
  return state === a.state ? a : { shape: a.shape, state };
}

/** What two profiles keep together; the order does not matter. */
export function joinAggregates(a: Aggregates, b: Aggregates): Map<string, Aggregate> {
  const both = new Map(a);
  for (const [id, aggregate] of b) both.set(id, joinAggregate(a.get(id), aggregate));
  return both;
}
