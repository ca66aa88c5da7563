import * as z from 'zod';
import { RecordKind } from '../sources/objects.ts';
import { got } from '../values/got.ts';
import { isObject, readJson } from '../values/json.ts';
import { readTime } from '../values/time-forms.ts';

/** Where a row was found. Lines and rows count from 1, bytes from 0. */
const Place = z.looseObject({
  file: z.string().max(1_100),
  line: z.int().min(0).optional(),
  byte: z.int().min(0).optional(),
  row: z.int().min(0).optional(),
});
export type Place = z.infer<typeof Place>;

const Columns = z.custom<Record<string, unknown>>(isObject, {
  error: ({ input }) => `must be an object; ${got(input)}`,
});

/** A row that happened. */
const RowLine = z.object({
  row: Columns,
  place: Place,
  /** Tells equal rows of one load apart, the same whenever its bytes are read. By default, its line or row. */
  occurrence: z.int().min(0).optional(),
});
export type RowLine = z.infer<typeof RowLine>;

/** A change of a record, which the comparison with its last version found. */
const ChangeLine = z.object({
  record: z.object({
    object: z.string(),
    id: z.string().min(1),
    kind: RecordKind,
    changed: Columns,
    columns: Columns,
    at: z.string().refine((at) => readTime(at) !== undefined, { error: 'must be a time' }),
    hash: z.string().min(1),
  }),
  /** Where the row stood that said so; absent for a record that a load lacked. */
  place: Place.optional(),
});
export type ChangeLine = z.infer<typeof ChangeLine>;

/** A row that a reader refused. */
const BadLine = z.object({ bad: z.object({ place: Place, reason: z.string().min(1), raw: z.unknown() }) });
export type BadLine = z.infer<typeof BadLine>;

/** A line of a piece. */
export type PieceLine = RowLine | ChangeLine | BadLine;

/** A line of a piece, or why it is none. */
export type ReadLine =
  | { readonly ok: true; readonly line: PieceLine }
  | { readonly ok: false; readonly reason: string };

/** Reads a line of a piece. Numbers keep their digits. */
export function readPieceLine(text: string): ReadLine {
  const value = parsed(text);
  if (!isObject(value)) return { ok: false, reason: 'is a line of a piece, and not a JSON object' };
  const schema = schemaOf(value);
  if (schema === undefined) return { ok: false, reason: 'is a line of a piece, and has no row, record or bad' };
  const read = schema.safeParse(value);
  if (read.success) return { ok: true, line: read.data };
  const [issue] = read.error.issues;
  return { ok: false, reason: `is a line of a piece, and its ${issue?.path.join('.')} is wrong: ${issue?.message}` };
}

function schemaOf(value: Record<string, unknown>): z.ZodType<PieceLine> | undefined {
  if (Object.hasOwn(value, 'row')) return RowLine;
  if (Object.hasOwn(value, 'record')) return ChangeLine;
  return Object.hasOwn(value, 'bad') ? BadLine : undefined;
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
