import { compareTexts } from '../../values/text.ts';
import type { State } from '../aggregates/aggregate.ts';
import type { Shape } from '../aggregates/kind.ts';
import type { Entries } from '../aggregates/latest.ts';
import type { Entry } from '../aggregates/occurrence.ts';
import { lastPair, type Pairs } from '../aggregates/pairs.ts';
import type { Series } from '../aggregates/series.ts';
import { addSums, noSums, type Sums, sumsOfOne } from '../aggregates/total.ts';
import type { Values } from '../aggregates/values.ts';
import type { Span } from '../program/node.ts';
import type { Course, Scene } from './known.ts';
import { edgesOf, isThere, numberThere, type Stay, stayIn } from './stay.ts';

/** An aggregate of a profile with its shape; no state where no event came. */
export interface Kept {
  readonly shape: Shape;
  readonly state: State | undefined;
}

/** The aggregate of this id. */
export function keptOf({ program, known }: Scene, id: string): Kept {
  const spec = program.aggregates.get(id);
  if (spec === undefined) throw new Error(`no aggregate has the id ${id}`);
  return { shape: spec.shape, state: known.aggregates.get(id)?.state };
}

/** Entries of a list or a tail, newest first; of the earliest, those first. */
export function entriesOf({ shape, state }: Kept): Entries {
  if (state === undefined) return [];
  if (shape.kind === 'series') return (state as Series).tail;
  return shape.kind === 'latest' || shape.kind === 'earliest' ? (state as Entries) : [];
}

/** What comes and goes: what is there at a time, in the order of `things`. */
function comingAndGoing<Thing>(things: readonly Thing[], stayOf: (thing: Thing) => Stay): Course<Thing[]> {
  const stays = things.map((thing) => ({ thing, stay: stayOf(thing) }));
  return {
    at: (now) => stays.filter(({ stay }) => isThere(stay, now)).map(({ thing }) => thing),
    edges: () => edgesOf(stays.map(({ stay }) => stay)),
  };
}

/** Entries that are in the span. */
export const entriesIn = (kept: Kept, span: Span, zone: string): Course<Entry[]> =>
  comingAndGoing(entriesOf(kept), ({ at }) => stayIn(span, at, zone));

/** How many entries are in the span. */
export function numberIn(kept: Kept, span: Span, zone: string): Course<number> {
  const stays = entriesOf(kept).map(({ at }) => stayIn(span, at, zone));
  return { at: (now) => numberThere(stays, now), edges: () => edgesOf(stays) };
}

/** Sums of stretches that are in the span as a whole. */
function stretchesIn({ shape, state }: Kept, span: Span, zone: string): Course<Sums[]> {
  const folded = shape.kind === 'series' && state !== undefined ? [...(state as Series).folded] : [];
  const width = shape.kind === 'series' ? shape.bucket : 0;
  const whole = comingAndGoing(folded, ([stretch]) => ({
    enters: stayIn(span, (stretch + 1) * width - 1, zone).enters,
    leaves: stayIn(span, stretch * width, zone).leaves,
  }));
  return { at: (now) => whole.at(now).map(([, sums]) => sums), edges: whole.edges };
}

/** Sums of what is in the span. */
export function sumsIn(kept: Kept, span: Span, zone: string): Course<Sums> {
  if (kept.shape.kind === 'total') return { at: () => (kept.state as Sums | undefined) ?? noSums, edges: () => [] };
  const entries = entriesIn(kept, span, zone);
  const stretches = stretchesIn(kept, span, zone);
  return {
    at: (now) =>
      [...entries.at(now).map(({ value }) => sumsOfOne(value)), ...stretches.at(now)].reduce(addSums, noSums),
    edges: () => [...entries.edges(), ...stretches.edges()],
  };
}

/** Values whose last time is in the span, newest first. */
export function valuesIn({ state }: Kept, span: Span, zone: string): Course<string[]> {
  const known = [...((state as Values | undefined) ?? new Map<string, number>())].sort(
    ([a, atA], [b, atB]) => atB - atA || compareTexts(a, b),
  );
  const course = comingAndGoing(known, ([, at]) => stayIn(span, at, zone));
  return { at: (now) => course.at(now).map(([value]) => value), edges: course.edges };
}

/** Whether the last pair was completed in the span. */
export function pairIn({ shape, state }: Kept, span: Span, zone: string): Course<boolean> {
  const last = shape.kind === 'pairs' && state !== undefined ? lastPair(shape, state as Pairs) : undefined;
  const course = comingAndGoing(last === undefined ? [] : [last], (at) => stayIn(span, at, zone));
  return { at: (now) => course.at(now).length > 0, edges: course.edges };
}
