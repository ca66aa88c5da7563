import type { Aggregate, Aggregates, State } from '../segments/aggregates/aggregate.ts';
import type { Shape } from '../segments/aggregates/kind.ts';
import { isText, listIn } from './item-fields.ts';
import { isEntryOf, isEntryWith, isScalar } from './packed-list.ts';
import { packShape, unpackShape } from './packed-shape.ts';
import { packState, unpackState } from './packed-state.ts';

type Value = string | number | boolean | null;

/** Between the parts of a line: its id, its shape, its times and numbers, and a JSON list of values if it has any. */
const part = ':';
/** Between lines; JSON escapes it. */
const end = '\n';

/**
 * An aggregate as an item has it, which is unpacked when it is asked for: an event changes few of a profile's. One that
 * no event changes is packed again by the line that it was read from.
 */
class StoredAggregate implements Aggregate {
  readonly shape: Shape;
  readonly #id: string;
  readonly #line: string;
  #state: State | undefined;

  /** @throws Error when this code did not pack the line */
  constructor(id: string, line: string) {
    const from = id.length + 1;
    this.shape = unpackShape(line.slice(from, nextPart(line, from)));
    this.#id = id;
    this.#line = line;
  }

  get state(): State {
    this.#state ??= stateIn(this.shape, this.#line);
    return this.#state;
  }

  /** The line of an aggregate that was read under this id, and is the same since. */
  static lineOf(id: string, aggregate: Aggregate): string | undefined {
    return #line in aggregate && aggregate.#id === id ? aggregate.#line : undefined;
  }
}

function nextPart(line: string, from: number): number {
  const at = line.indexOf(part, from);
  if (at <= 0) throw new Error('must be aggregates that this code packed');
  return at;
}

function stateIn(shape: Shape, line: string): State {
  const text = line.indexOf(part, line.indexOf(part) + 1) + 1;
  const values = line.indexOf(part, text);
  if (values < 0) return unpackState(shape, line.slice(text), []);
  return unpackState(shape, line.slice(text, values), JSON.parse(line.slice(values + 1)) as Value[]);
}

/**
 * Unpacks a profile's aggregates.
 * @throws Error when this code did not pack them
 */
export function unpackAggregates(text: string | undefined): Aggregates {
  const aggregates = new Map<string, Aggregate>();
  for (const line of text === undefined ? [] : linesIn(text)) {
    const id = line.slice(0, nextPart(line, 0));
    aggregates.set(id, new StoredAggregate(id, line));
  }
  return aggregates;
}

/**
 * Packs aggregates; undefined if there are none. Every write pays for each kilobyte, so numbers are in base 36, and
 * each time is its distance from the one before it.
 */
export function packAggregates(aggregates: Aggregates): string | undefined {
  if (aggregates.size === 0) return undefined;
  let text = '';
  for (const [id, aggregate] of aggregates) text += (text === '' ? '' : end) + pack(id, aggregate);
  return text;
}

/**
 * Packs the aggregates of a profile's own statements where they differ from those of the whole profile; a line is the
 * id alone of one that it lacks.
 */
export function packOwnAggregates(own: Aggregates, all: Aggregates): string | undefined {
  const lacking = [...all.keys()].filter((id) => !own.has(id));
  const differing = [...own]
    .filter(([id, aggregate]) => !isSame(id, aggregate, all.get(id)))
    .map((one) => pack(...one));
  return lacking.length + differing.length === 0 ? undefined : [...lacking, ...differing].join(end);
}

/**
 * Unpacks the aggregates of a profile's own statements with the help of the whole profile's.
 * @throws Error when this code did not pack them
 */
export function unpackOwnAggregates(text: string | undefined, all: Aggregates): Aggregates {
  if (text === undefined) return all;
  const own = new Map(all);
  for (const line of linesIn(text)) {
    const id = line.split(part, 1)[0] as string;
    if (line === id) own.delete(id);
    else own.set(id, new StoredAggregate(id, line));
  }
  return own;
}

function pack(id: string, aggregate: Aggregate): string {
  const stored = StoredAggregate.lineOf(id, aggregate);
  return stored ?? lineOf(id, packShape(aggregate.shape), packState(aggregate.shape, aggregate.state));
}

function lineOf(id: string, shape: string, packed: readonly [text: string, ...values: Value[]]): string {
  const line = `${id}${part}${shape}${part}${packed[0]}`;
  return packed.length === 1 ? line : `${line}${part}${JSON.stringify(packed.slice(1))}`;
}

const isSame = (id: string, a: Aggregate, b: Aggregate | undefined): boolean =>
  a === b || (b !== undefined && pack(id, a) === pack(id, b));

/** An earlier form was a JSON list: of each its id, shape, times and numbers, and values. */
type Entry = [id: string, shape: string, text: string, ...values: Value[]];
const isWhole = isEntryWith([isText, isText, isText], isScalar);
const isIdAlone = isEntryOf(isText);
const isEarlier = (entry: unknown): entry is Entry | [id: string] => isWhole(entry) || isIdAlone(entry);

function linesIn(text: string): string[] {
  if (!text.startsWith('[')) return text.split(end);
  const entries = listIn({ aggregates: text }, 'aggregates', isEarlier) ?? [];
  return entries.map((entry) => (isWhole(entry) ? earlierLine(entry) : entry[0]));
}

const earlierLine = ([id, shape, ...packed]: Entry): string => lineOf(id, shape, packed);
