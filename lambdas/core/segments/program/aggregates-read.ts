import { type Definitions, programOf } from './compile.ts';
import { reading } from './compiler.ts';

/** Ids of the aggregates that each segment of people or of accounts reads, by itself and through others. */
export function aggregatesRead(
  definitions: Definitions,
  collection: Parameters<typeof programOf>[1],
): Readonly<Record<string, readonly string[]>> {
  const { aggregates, segments } = programOf(definitions, collection);
  const read = [...segments].map(([key, { reads }]): [string, string[]] => [
    key,
    [...aggregates.keys()].filter((id) => reads.has(reading.aggregate(id))),
  ]);
  return Object.fromEntries(read);
}
