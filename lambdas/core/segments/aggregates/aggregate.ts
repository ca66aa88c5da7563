import { type Frequency, frequency } from './frequency.ts';
import type { Kind, Shape } from './kind.ts';
import { type Entries, latest } from './latest.ts';
import type { Occurrence } from './occurrence.ts';
import { type Pairs, pairs } from './pairs.ts';
import { type Series, series } from './series.ts';
import { type Sums, total } from './total.ts';
import { type Values, values } from './values.ts';

/** What an aggregate of some kind keeps; its shape says which it is. */
export type State = Entries | Series | Values | Frequency | Pairs | Sums;

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

/** Takes an event in. A message that the profile knows already is not to be given again. */
export const withOccurrence = (shape: Shape, state: State | undefined, occurrence: Occurrence): State =>
  joinStates(shape, state, kindOf(shape).of(shape, occurrence));

/** What two profiles know together. */
export const joinStates = (shape: Shape, a: State | undefined, b: State): State =>
  a === undefined ? b : kindOf(shape).join(shape, a, b);

/** What a survivor loses when `theirs` is joined into it: kept beside the whole, it lets them be parted. */
export const lostBy = (shape: Shape, mine: State, theirs: State): State => kindOf(shape).lost(shape, mine, theirs);

/**
 * Takes `theirs` out of a whole again. Number and sum are right at once; all else is, after what came since has been
 * counted again.
 */
export const partedFrom = (shape: Shape, whole: State, theirs: State, lost: State | undefined): State =>
  kindOf(shape).part(shape, whole, theirs, lost ?? kindOf(shape).none);
