import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer/src/index.js';
import type { Item } from '../../../core/destinations/destination.ts';
import { fieldsOf } from '../../../core/values/json.ts';

type Type = Omit<SchemaElement, 'name'>;

const texts: Type = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
const times: Type = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  repetition_type: 'OPTIONAL',
};

/** A column of a file, and the field of a call that it holds; what has another form than the column stays in `others`. */
interface Column {
  readonly name: string;
  readonly field: string;
  readonly type: Type;
  readonly read: (value: unknown) => unknown;
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
/** Spark refuses to read earlier times, which calendars count differently, and others later ones: these stay texts. */
const time = (value: unknown) =>
  typeof value === 'string' && /^(19|[2-9]\d)\d\d-.*Z$/.test(value) && !Number.isNaN(Date.parse(value))
    ? new Date(value)
    : undefined;
/** Numbers keep their digits that way. */
const json = (value: unknown) => (value === undefined || value === null ? undefined : JSON.stringify(value));

const columnOf =
  (type: Type, read: Column['read']) =>
  (field: string): Column => ({
    name: field.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    field,
    type,
    read,
  });

/** All files have these columns with these types, whatever is in them, so that they can be read as one table. */
const columns: readonly Column[] = [
  ...['messageId', 'type'].map(columnOf(texts, text)),
  ...['timestamp', 'receivedAt'].map(columnOf(times, time)),
  ...['sourceId', 'userId', 'anonymousId', 'groupId', 'previousId', 'event', 'name'].map(columnOf(texts, text)),
  ...['properties', 'traits', 'context', 'integrations'].map(columnOf(texts, json)),
];

const schema: SchemaElement[] = [
  ...columns.map(({ name, type }) => ({ name, ...type })),
  { name: 'segment', ...texts },
  { name: 'others', ...texts },
];

/** Writes calls as a Parquet file; a field without a column, or of another form, is in the JSON of `others`. */
export function parquetFile(items: readonly Item[]): Uint8Array {
  const rows = items.map(({ call, about }) => rowOf(fieldsOf(call), about));
  const columnData = schema.map(({ name }) => ({ name, data: rows.map((row) => row.get(name)) }));
  const root = { name: 'root', num_children: schema.length };
  return new Uint8Array(
    parquetWriteBuffer({ columnData, schema: [root, ...schema], createdBy: 'customer-data-platform' }),
  );
}

function rowOf(call: Readonly<Record<string, unknown>>, about: string | undefined): ReadonlyMap<string, unknown> {
  const left = new Map(Object.entries(call));
  const row = new Map<string, unknown>([['segment', about]]);
  for (const { name, field, read } of columns) {
    const value = read(left.get(field));
    if (value === undefined) continue;
    row.set(name, value);
    // A finer time than milliseconds stays a text, too.
    if (!(value instanceof Date) || value.toISOString() === left.get(field)) left.delete(field);
  }
  if (left.size > 0) row.set('others', JSON.stringify(Object.fromEntries(left)));
  return row;
}
