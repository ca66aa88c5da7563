import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Row } from '../../lambdas/operations/upload-list.ts';

/** A file of this machine, or `s3://bucket/key` with the operator's credentials. */
export async function openFile(place: string): Promise<Readable> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
  if (Bucket === undefined || Key === undefined) return createReadStream(place);
  const { Body } = await new S3Client().send(new GetObjectCommand({ Bucket, Key }));
  return Body as Readable;
}

const rowsAtOnce = 500;

/**
 * Rows of a file in pages: of CSV with a header, or, where the first line begins with a brace, of NDJSON. A line that
 * cannot be read is a row with a fault.
 */
export async function* rowsOf(file: AsyncIterable<string>): AsyncGenerator<Row[]> {
  let header: string[] | undefined;
  let page: Row[] = [];
  let line = 0;
  let isJson: boolean | undefined;
  for await (const raw of file) {
    line += 1;
    const text = line === 1 ? raw.replace(/^\uFEFF/, '') : raw;
    if (text.trim() === '') continue;
    isJson ??= text.trimStart().startsWith('{');
    if (!isJson && header === undefined) header = cellsOf(text)?.map((name) => name.trim().toLowerCase()) ?? [];
    else page.push({ line, ...(isJson ? fieldsOfJson(text) : fieldsOfCsv(text, header ?? [])) });
    if (page.length < rowsAtOnce) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** The same of a stream of bytes. */
export const rowsIn = (bytes: Readable): AsyncGenerator<Row[]> =>
  rowsOf(createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY }));

type Fields = Omit<Row, 'line'>;
const faulty = (fault: string): Fields => ({ fields: new Map(), fault });

function fieldsOfCsv(text: string, header: readonly string[]): Fields {
  const cells = cellsOf(text);
  if (cells === undefined) return faulty('has a quote that does not end');
  if (cells.length !== header.length) return faulty(`must have ${header.length} cells; got ${cells.length}`);
  return { fields: new Map(header.map((name, n) => [name, cells[n] ?? ''])) };
}

/** Cells of a line; one in quotes may hold commas and doubled quotes. Undefined where a quote does not end. */
function cellsOf(text: string): string[] | undefined {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const [, quoted, plain = '', end] = cell.exec(text) ?? [];
    if (end === undefined) return undefined;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') return cells;
  }
}

function fieldsOfJson(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return faulty('must be an object of JSON');
    const said = Object.entries(value).filter(([, of]) => typeof of === 'string' || typeof of === 'number');
    return { fields: new Map(said.map(([name, of]) => [name.toLowerCase(), String(of)])) };
  } catch {
    return faulty('is no JSON');
  }
}
