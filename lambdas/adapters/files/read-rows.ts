import { csvReader } from '../../core/files/csv-reader.ts';
import { jsonReader } from '../../core/files/json-reader.ts';
import { ndjsonReader } from '../../core/files/ndjson-reader.ts';
import type { ReadRow } from '../../core/files/read-row.ts';
import type { Columns } from '../../core/files/typed-row.ts';
import type { FileForm } from '../../core/sources/file-form.ts';
import { decoder, markLength } from './encoding.ts';
import type { FileBytes } from './file-bytes.ts';
import { lineSplitter } from './lines.ts';
import { parquetRows } from './parquet-rows.ts';
import { type Limits, unzipped } from './unzipped.ts';

/** Makes rows of bytes. */
interface ByteReader {
  push(bytes: Uint8Array): ReadRow[];
  end(): ReadRow[];
}

/**
 * Reads the rows of a file in its order, some at a time, in little memory.
 * @throws BadFile when the whole file cannot be used; TooLarge when it has more than the limits allow
 */
export async function* readRows(
  file: FileBytes,
  form: FileForm,
  columns: Columns,
  limits: Limits,
): AsyncGenerator<readonly ReadRow[]> {
  if (form.format === 'parquet') {
    yield* parquetRows(file, columns, limits);
    return;
  }
  let reader: ByteReader | undefined;
  for await (const chunk of unzipped(file.stream(), limits)) {
    if (reader !== undefined) yield reader.push(chunk);
    else {
      const mark = markLength(chunk, form.encoding);
      reader = readerOf(form, columns, mark);
      yield reader.push(chunk.subarray(mark));
    }
  }
  yield (reader ?? readerOf(form, columns, 0)).end();
}

function readerOf(form: FileForm, columns: Columns, mark: number): ByteReader {
  const first = { byte: mark };
  if (form.format === 'json') return jsonReader(columns, decoder(form.encoding), first);
  const lines = lineSplitter(form.encoding, first);
  const rows = form.format === 'csv' ? csvReader({ ...form, columns }) : ndjsonReader(columns);
  return {
    push: (bytes) => rows.push(lines.push(bytes)),
    end: () => [...rows.push(lines.end()), ...rows.end()],
  };
}
