import { jsonBytes } from '../../profile/trait.ts';
import { fingerprint } from '../../values/fingerprint.ts';
import { isNumber, nearest } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';
import { type Aggregate, withOccurrence } from '../aggregates/aggregate.ts';
import type { Kept, Occurrence } from '../aggregates/occurrence.ts';
import { fulfils } from '../comparisons/fulfils.ts';
import { fieldAt } from '../comparisons/path.ts';
import { amountOf, itemsOf } from '../comparisons/reading.ts';
import type { Filter } from '../language/event-match.ts';
import { type AggregateSpec, keysOf, type Selection, type Taken } from '../program/aggregate-spec.ts';
import type { Program } from '../program/compile.ts';
import { longestText } from '../program/worst-bytes.ts';

/** What aggregates read of an event. */
export interface Seen {
  readonly type: string;
  readonly event?: unknown;
  readonly name?: unknown;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly traits?: Readonly<Record<string, unknown>> | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

/** An event, when it happened in milliseconds, and the mark of its message. */
export interface MarkedEvent {
  readonly event: Seen;
  readonly at: number;
  readonly mark: string;
}

/**
 * Takes an event into aggregates, which change in place and are returned: a batch copies them once, instead of for each
 * event. `counts` says of an id whether that aggregate counts the event; without it, all do.
 */
export function takeEvent(
  program: Program,
  aggregates: Map<string, Aggregate>,
  marked: MarkedEvent,
  counts?: (id: string) => boolean,
): Map<string, Aggregate> {
  const keys = keysOf(marked.event);
  for (const spec of specsOf(program, keys))
    if (counts === undefined || counts(spec.id))
      for (const occurrence of occurrencesOf(spec, keys, marked))
        aggregates.set(spec.id, withOccurrence(spec.shape, aggregates.get(spec.id), occurrence));
  return aggregates;
}

/** Each once, though an aggregate may take in both a call and a name that it has. */
function specsOf({ byEvent }: Program, keys: readonly string[]): Iterable<AggregateSpec> {
  const [first = '', ...others] = keys;
  const specs = byEvent.get(first) ?? [];
  return others.length === 0 ? specs : new Set([...specs, ...others.flatMap((key) => byEvent.get(key) ?? [])]);
}

/** An event may be both events of a sequence. */
function occurrencesOf(
  { first, second, taken }: AggregateSpec,
  keys: readonly string[],
  { event, at, mark }: MarkedEvent,
): Occurrence[] {
  const parts: Occurrence['part'][] = [];
  if (isSelected(first, keys, event, at)) parts.push('first');
  if (second && isSelected(second, keys, event, at)) parts.push('second');
  if (taken === undefined) return parts.map((part) => ({ at, mark, part, value: undefined }));
  if (parts.length === 0) return [];
  const kept = takenOf(taken, event);
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
  (where.length === 0 || where.every((filter) => fulfils(filter, propertyOf(filter, event), 'UTC')));

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
  if (isNumber(item)) return Number.isFinite(nearest(item)) ? nearest(item) : undefined;
  return typeof item === 'string' || typeof item === 'boolean' ? item : undefined;
};

/** A text that is too long keeps its beginning, and what tells it from others. */
function shortened(text: string): string {
  if (text.length * 6 <= longestText || jsonBytes(text) - quotes <= longestText) return text;
  let kept = '';
  let size = 0;
  for (const letter of text) {
    size += jsonBytes(letter) - quotes;
    if (size > longestText - 12) break;
    kept += letter;
  }
  return `${kept}…${fingerprint(text)}`;
}

const quotes = 2;
