import type * as z from 'zod';
import type { Aggregate, Aggregates, State } from '../segments/aggregates/aggregate.ts';
import type { Shape } from '../segments/aggregates/kind.ts';
import { isEntryOf, isEntryWith, isScalar, isText, listOf } from './packed-list.ts';
import { packShape, unpackShape } from './packed-shape.ts';
import { packState, unpackState } from './packed-state.ts';

type Value = string | number | boolean | null;
/** Id, shape, times and numbers, and then values. */
type Entry = [id: string, shape: string, text: string, ...values: Value[]];
const isEntry = isEntryWith([isText, isText, isText], isScalar);

/** An aggregate as an item has it. One that no event changes is packed again by the entry that it was read from. */
class StoredAggregate implements Aggregate {
  readonly shape: Shape;
  readonly state: State;
  readonly #entry: Entry;

  constructor(entry: Entry) {
    this.shape = unpackShape(entry[1]);
    this.state = unpackState(this.shape, entry[2], entry.slice(3));
    this.#entry = entry;
  }

  /** The entry of an aggregate that was read under this id, and is the same since. */
  static entryOf(id: string, aggregate: Aggregate): Entry | undefined {
    return #entry in aggregate && aggregate.#entry[0] === id ? aggregate.#entry : undefined;
  }
}

/** The attribute of an item with a profile's aggregates. */
export const PackedAggregates = listOf(isEntry).transform((entries): Aggregates => {
  const aggregates = new Map<string, Aggregate>();
  for (const entry of entries) aggregates.set(entry[0], new StoredAggregate(entry));
  return aggregates;
});

/**
 * Packs aggregates; undefined if there are none. Every write pays for each kilobyte, so numbers are in base 36, and
 * each time is its distance from the one before it.
 */
export function packAggregates(aggregates: Aggregates): string | undefined {
  if (aggregates.size === 0) return undefined;
  const entries: Entry[] = [];
  for (const [id, aggregate] of aggregates) entries.push(pack(id, aggregate));
  return JSON.stringify(entries);
}

/** The id alone of an aggregate that only merged profiles have. */
export const PackedOwnAggregates = listOf((entry): entry is Entry | [string] => isEntry(entry) || isIdAlone(entry));
const isIdAlone = isEntryOf(isText);

/** Packs the aggregates of a profile's own statements where they differ from those of the whole profile. */
export function packOwnAggregates(own: Aggregates, all: Aggregates): string | undefined {
  const lacking = [...all.keys()].filter((id) => !own.has(id)).map((id) => [id]);
  const differing = [...own]
    .filter(([id, aggregate]) => !isSame(id, aggregate, all.get(id)))
    .map((one) => pack(...one));
  return lacking.length + differing.length === 0 ? undefined : JSON.stringify([...lacking, ...differing]);
}

/** Unpacks the aggregates of a profile's own statements with the help of the whole profile's. */
export function unpackOwnAggregates(packed: z.infer<typeof PackedOwnAggregates> = [], all: Aggregates): Aggregates {
  if (packed.length === 0) return all;
  const own = new Map(all);
  for (const entry of packed) {
    if (isWhole(entry)) own.set(entry[0], new StoredAggregate(entry));
    else own.delete(entry[0]);
  }
  return own;
}

const isWhole = (entry: Entry | [string]): entry is Entry => entry.length > 1;

const pack = (id: string, aggregate: Aggregate): Entry =>
  StoredAggregate.entryOf(id, aggregate) ?? [
    id,
    packShape(aggregate.shape),
    ...packState(aggregate.shape, aggregate.state),
  ];

const isSame = (id: string, a: Aggregate, b: Aggregate | undefined): boolean =>
  a === b || (b !== undefined && JSON.stringify(pack(id, a)) === JSON.stringify(pack(id, b)));
