import * as z from 'zod';
import { isObject } from '../values/json.ts';
import type { RowEntry } from './entry.ts';
import type { Place } from './piece-line.ts';

/** Which row an event was made of. The lake keeps it in the event's context, and no profile does. */
export const RowStamp = z.object({
  /** What the row is, such as `contacts`. */
  object: z.string(),
  /** The row's key as text, if it has one. */
  id: z.string().optional(),
  /** Where the row stood: a file's key, an API's path, a table or a topic. */
  file: z.string().optional(),
  /** Physical line of a text file, from 1. */
  line: z.int().optional(),
  /** Number of the row or of the record of a topic, where there are no lines. */
  row: z.int().optional(),
});
export type RowStamp = z.infer<typeof RowStamp>;

/** The stamp of a row's events. */
export function rowStamp({ more: { object, id } }: RowEntry, place: Place | undefined): RowStamp {
  const { file, line, row } = place ?? {};
  const number = line === undefined ? { row } : { line };
  return known({ object, id, file, ...number }) as RowStamp;
}

const known = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A call with the stamp in its context, in place of any that it claims. What is no context stays, to be refused. */
export const stamped = (call: Readonly<Record<string, unknown>>, row: RowStamp): Record<string, unknown> =>
  call.context === undefined || isObject(call.context) ? { ...call, context: { ...call.context, row } } : { ...call };
