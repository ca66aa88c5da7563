import {
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type RowGroup,
} from 'hyparquet';
import { BadFile, badRow, type ReadRow } from '../../core/files/read-row.ts';
import { type Columns, typedRow } from '../../core/files/typed-row.ts';
import type { FileBytes } from './file-bytes.ts';
import { boundedCompressors, checkPages, checkSizes } from './parquet-guard.ts';
import { jsonValue, valueParsers, withoutDecimals } from './parquet-values.ts';
import type { Limits } from './unzipped.ts';

/** Most bytes of the description at the end of a file. */
const mostFooter = 16_777_216;

/**
 * The rows of a Parquet file, one group of rows after another.
 * @throws BadFile when it is broken, a bomb, or lacks a column; TooLarge when all of it or a group of rows is too large
 */
export async function* parquetRows(file: FileBytes, columns: Columns, limits: Limits): AsyncGenerator<ReadRow[]> {
  const described = await metadataOf(file);
  checkSizes(described, limits);
  const { metadata, scales } = withoutDecimals(described);
  const names = topColumns(metadata);
  const missing = [...columns.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw new BadFile(`has no column ${missing.join(', ')}; it has ${names.join(', ')}`);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await broken(() => groupRows(file, metadata, { group, rowStart, rowEnd }));
    for (let from = 0; from < rows.length; from += 1_000)
      yield rows.slice(from, from + 1_000).map((row, n) => readRow(row, rowStart + from + n + 1, { columns, scales }));
    rowStart = rowEnd;
  }
}

async function metadataOf(file: FileBytes): Promise<FileMetaData> {
  if (file.size < 12) throw new BadFile('is no Parquet file: it is too short');
  const end = Buffer.from(await file.slice(file.size - 8, file.size));
  if (end.toString('latin1', 4) !== 'PAR1') throw new BadFile('is no Parquet file: PAR1 is not at its end');
  const footer = end.readUInt32LE(0);
  if (footer > mostFooter || footer > file.size - 12)
    throw new BadFile('is a broken Parquet file: its end is too long');
  return broken(() => parquetMetadataAsync(asBuffer(file), { geoparquet: false }));
}

const asBuffer = (file: FileBytes) => ({
  byteLength: file.size,
  slice: async (start: number, end = file.size) => buffer(await file.slice(start, end)),
});

/** The library reads from the beginning of a buffer. */
const buffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const topColumns = ({ schema }: FileMetaData): string[] => {
  const names: string[] = [];
  let at = 1;
  const skip = (n: number): void => {
    const children = schema[n]?.num_children ?? 0;
    at = n + 1;
    for (let child = 0; child < children; child += 1) skip(at);
  };
  for (let child = 0; child < (schema[0]?.num_children ?? 0); child += 1) {
    names.push(schema[at]?.name ?? '');
    skip(at);
  }
  return names;
};

interface Group {
  readonly group: RowGroup;
  readonly rowStart: number;
  readonly rowEnd: number;
}

async function groupRows(file: FileBytes, metadata: FileMetaData, { group, rowStart, rowEnd }: Group) {
  const parts = group.columns.map(({ meta_data: part }) => {
    if (part === undefined) throw new BadFile('is a broken Parquet file: a column is not described');
    return { part, ...bytesOf(part) };
  });
  const from = parts.reduce((least, { start }) => Math.min(least, start), file.size);
  const to = parts.reduce((most, { end }) => Math.max(most, end), 0);
  const held = buffer(await file.slice(from, to));
  for (const { part, start, end } of parts) checkPages(new Uint8Array(held).subarray(start - from, end - from), part);
  const within = {
    byteLength: file.size,
    slice: async (start: number, end = file.size) =>
      from <= start && end <= to ? held.slice(start - from, end - from) : buffer(await file.slice(start, end)),
  };
  const how = { compressors: boundedCompressors, parsers: valueParsers, utf8: false, geoparquet: false };
  return parquetReadObjects({ file: within, metadata, rowStart, rowEnd, ...how });
}

function bytesOf(part: ColumnMetaData): { readonly start: number; readonly end: number } {
  const start = Number(part.dictionary_page_offset || part.data_page_offset);
  return { start, end: start + Number(part.total_compressed_size) };
}

/** What the library throws at a file says that the file is broken. */
async function broken<Read>(read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BadFile || !(error instanceof Error)) throw error;
    if (error.name.endsWith('Exception') || '$metadata' in error) throw error;
    throw new BadFile(`is a broken Parquet file: ${error.message}`);
  }
}

interface Wanted {
  readonly columns: Columns;
  readonly scales: ReadonlyMap<string, number>;
}

function readRow(given: Record<string, unknown>, row: number, { columns, scales }: Wanted): ReadRow {
  const values = Object.entries(given).map(([name, value]) => [name, jsonValue(value, scales.get(name))] as const);
  const entries = values.map(([name, read]) => [name, read.ok ? read.value : null] as const);
  const raw = () => JSON.stringify(Object.fromEntries(entries));
  const flaw = values.flatMap(([name, read]) => (read.ok ? [] : [`column ${name} ${read.reason}`])).at(0);
  if (flaw !== undefined) return badRow({ row }, flaw, raw());
  const typed = typedRow(entries, columns);
  return typed.ok ? { row: typed.row, place: { row } } : badRow({ row }, typed.reason, raw());
}
