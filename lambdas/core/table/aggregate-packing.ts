import * as z from 'zod';
import type { Aggregate, Aggregates } from '../segments/aggregates/aggregate.ts';
import { packShape, unpackShape } from './packed-shape.ts';
import { packState, unpackState } from './packed-state.ts';

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Id, shape, times and numbers, and then values. */
const Entry = z.tuple([z.string(), z.string(), z.string()], Value);
type Entry = z.infer<typeof Entry>;
const json = z.string().transform((text): unknown => JSON.parse(text));

/** The attribute of an item with a profile's aggregates. */
export const PackedAggregates = z.string().transform((text): Aggregates => {
  const aggregates = new Map<string, Aggregate>();
  for (const entry of entriesIn(text)) aggregates.set(entry[0], unpack(entry));
  return aggregates;
});

/** Checked by hand, because every aggregate of every profile is: as the schema of an entry says. */
function entriesIn(text: string): Entry[] {
  const entries: unknown = JSON.parse(text);
  if (Array.isArray(entries) && entries.every(isWhole)) return entries;
  throw new Error('these are no aggregates');
}

const isWhole = (entry: unknown): boolean =>
  Array.isArray(entry) &&
  entry.length >= 3 &&
  entry.every((part, n) => typeof part === 'string' || (n >= 3 && (part === null || typeof part !== 'object')));

/**
 * Packs aggregates; undefined if there are none. Every write pays for each kilobyte, so numbers are in base 36, and
 * each time is its distance from the one before it.
 */
export const packAggregates = (aggregates: Aggregates): string | undefined =>
  aggregates.size === 0 ? undefined : JSON.stringify([...aggregates].map(pack));

/** The id alone of an aggregate that only merged profiles have. */
export const PackedOwnAggregates = json.pipe(z.array(z.union([Entry, z.tuple([z.string()])])));

/** Packs the aggregates of a profile's own statements where they differ from those of the whole profile. */
export function packOwnAggregates(own: Aggregates, all: Aggregates): string | undefined {
  const lacking = [...all.keys()].filter((id) => !own.has(id)).map((id) => [id]);
  const differing = [...own].filter(([id, aggregate]) => !isSame(aggregate, all.get(id))).map(pack);
  return lacking.length + differing.length === 0 ? undefined : JSON.stringify([...lacking, ...differing]);
}

/** Unpacks the aggregates of a profile's own statements with the help of the whole profile's. */
export function unpackOwnAggregates(packed: z.infer<typeof PackedOwnAggregates> = [], all: Aggregates): Aggregates {
  if (packed.length === 0) return all;
  const own = new Map(all);
  for (const entry of packed) {
    if (isEntry(entry)) own.set(entry[0], unpack(entry));
    else own.delete(entry[0]);
  }
  return own;
}

const isEntry = (entry: Entry | [string]): entry is Entry => entry.length > 1;

const pack = ([id, { shape, state }]: readonly [string, Aggregate]): Entry => [
  id,
  packShape(shape),
  ...packState(shape, state),
];

function unpack(entry: Entry): Aggregate {
  const shape = unpackShape(entry[1]);
  return { shape, state: unpackState(shape, entry[2], entry.slice(3)) };
}

const isSame = (a: Aggregate, b: Aggregate | undefined): boolean =>
  a === b || (b !== undefined && JSON.stringify(pack(['', a])) === JSON.stringify(pack(['', b])));
