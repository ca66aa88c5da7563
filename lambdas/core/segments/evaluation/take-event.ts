import { fingerprint } from '../../profile/message-marks.ts';
import { isSentNumber, nearest } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';
import { joinStates, lostBy, partedFrom, type State, withOccurrence } from '../aggregates/aggregate.ts';
import type { Kept, Occurrence } from '../aggregates/occurrence.ts';
import { fulfils } from '../comparisons/fulfils.ts';
import { fieldAt } from '../comparisons/path.ts';
import { amountOf, itemsOf } from '../comparisons/reading.ts';
import type { Filter } from '../language/event-match.ts';
import { type AggregateSpec, keysOf, type Selection, type Taken } from '../program/aggregate-spec.ts';
import type { Program } from '../program/compile.ts';
import { longestText } from '../program/worst-bytes.ts';

export type States = ReadonlyMap<string, State>;

/** What aggregates read of an event. */
export interface Seen {
  readonly type: string;
  readonly event?: unknown;
  readonly name?: unknown;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly traits?: Readonly<Record<string, unknown>> | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

/** Takes an event in, which happened at `at`; `changed` names the aggregates that it changed. */
export function takeEvent(
  program: Program,
  states: States,
  event: Seen,
  at: number,
  mark: string,
): { states: States; changed: string[] } {
  const next = new Map(states);
  const keys = keysOf(event);
  for (const spec of new Set(keys.flatMap((key) => program.byEvent.get(key) ?? [])))
    for (const occurrence of occurrencesOf(spec, keys, event, at, mark))
      next.set(spec.id, withOccurrence(spec.shape, next.get(spec.id), occurrence));
  return { states: next, changed: [...next.keys()].filter((id) => next.get(id) !== states.get(id)) };
}

/** The states of two profiles that become one. */
export function joinAll({ aggregates }: Program, a: States, b: States): States {
  const both = new Map(a);
  for (const [id, state] of b) both.set(id, joinStates(shapeOf(aggregates, id), a.get(id), state));
  return both;
}

/** What a survivor must keep to be itself again when `theirs` are parted from it. */
export const lostByAll = ({ aggregates }: Program, mine: States, theirs: States): States =>
  new Map(
    [...mine]
      .flatMap(([id, state]) => [[id, lostOf(aggregates, id, state, theirs.get(id))] as const])
      .filter(([, lost]) => lost !== undefined),
  ) as States;

const lostOf = (
  aggregates: Program['aggregates'],
  id: string,
  mine: State,
  theirs: State | undefined,
): State | undefined => theirs && lostBy(shapeOf(aggregates, id), mine, theirs);

/** Takes `theirs` out again; an aggregate that the survivor lost nothing of had nothing of its own before. */
export function partAll({ aggregates }: Program, whole: States, theirs: States, lost: States): States {
  const own = [...whole].flatMap(([id, state]): [string, State][] => {
    const other = theirs.get(id);
    return [[id, other === undefined ? state : partedFrom(shapeOf(aggregates, id), state, other, lost.get(id))]];
  });
  return new Map(own);
}

function shapeOf(aggregates: Program['aggregates'], id: string): AggregateSpec['shape'] {
  const spec = aggregates.get(id);
  if (spec === undefined) throw new Error(`no aggregate has the id ${id}`);
  return spec.shape;
}

/** An event may be both events of a sequence. */
function occurrencesOf(
  { first, second, taken }: AggregateSpec,
  keys: readonly string[],
  event: Seen,
  at: number,
  mark: string,
): Occurrence[] {
  const kept = taken === undefined ? [undefined] : takenOf(taken, event);
  const parts = [
    ...(isSelected(first, keys, event, at) ? ['first' as const] : []),
    ...(second && isSelected(second, keys, event, at) ? ['second' as const] : []),
  ];
  return parts.flatMap((part) => kept.map((value, n) => ({ at, mark: n === 0 ? mark : `${mark}.${n}`, part, value })));
}

const isSelected = (
  { key, where, from = -Infinity, to = Infinity }: Selection,
  keys: readonly string[],
  event: Seen,
  at: number,
): boolean =>
  keys.includes(key) &&
  at >= from &&
  at < to &&
  where.every((filter) => fulfils(filter, propertyOf(filter, event), 'UTC'));

const fieldsOf = ({ type, properties, traits }: Seen) =>
  type === 'identify' || type === 'group' ? traits : properties;

const propertyOf = (filter: Filter, event: Seen): unknown =>
  'property' in filter ? at(fieldsOf(event), filter.property) : at(event.context, filter.context);

const at = (fields: Readonly<Record<string, unknown>> | undefined, path: string): unknown =>
  fields === undefined ? undefined : fieldAt((name) => ownValue(fields, name), path);

/** How many items of a list count, which a property of one event may be. */
const mostItems = 20;

/** What is kept of a property, and of a list of each item; where only one is asked for, of the first. */
function takenOf({ as, property }: Taken, event: Seen): Kept[] {
  const items = itemsOf(at(fieldsOf(event), property)).slice(0, mostItems);
  if (as === 'amount') return items.flatMap((item) => amountOf(item) ?? []);
  const scalars = items.flatMap((item) => scalarOf(item) ?? []);
  if (as === 'hash') return scalars.map((scalar) => fingerprint(typeof scalar, String(scalar)));
  if (as === 'text') return scalars.map((scalar) => shortened(String(scalar)));
  return scalars.slice(0, 1).map((scalar) => (typeof scalar === 'string' ? shortened(scalar) : scalar));
}

const scalarOf = (item: unknown): string | number | boolean | undefined => {
  if (isSentNumber(item)) return nearest(item);
  return typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' ? item : undefined;
};

/** A text that is too long keeps its beginning, and what tells it from others. */
function shortened(text: string): string {
  if (text.length * 3 <= longestText || new TextEncoder().encode(text).length <= longestText) return text;
  let [kept, size] = ['', 0];
  for (const letter of text) {
    size += new TextEncoder().encode(letter).length;
    if (size > longestText - 12) break;
    kept += letter;
  }
  return `${kept}…${fingerprint(text)}`;
}
