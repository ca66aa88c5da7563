import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Row } from '../../lambdas/operations/upload-list.ts';
import { Misused } from '../terminal/command.ts';
import { csvRows, headerOf, type Line } from './csv-rows.ts';
import { linesIn } from './text-lines.ts';

/** A file of this machine, or `s3://bucket/key` with the operator's credentials. */
export async function openFile(place: string): Promise<Readable> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
  if (Bucket === undefined || Key === undefined) return createReadStream(place);
  const { Body } = await new S3Client().send(new GetObjectCommand({ Bucket, Key }));
  return Body as Readable;
}

const rowsAtOnce = 500;
const names = ['user_id', 'anonymous_id'] as const;
const read = [...names, 'email', 'phone'] as const;

/**
 * Rows of a file in pages: of CSV with a header, or, where the first line begins with a brace, of NDJSON. A line that
 * cannot be read is a row with a fault.
 * @throws Misused where the file has no such header, or is no text
 */
export async function* rowsIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row[]> {
  let page: Row[] = [];
  for await (const row of rowsOf(linesIn(bytes))) {
    page.push(faultless(row));
    if (page.length < rowsAtOnce) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function* rowsOf(lines: AsyncGenerator<Line>): AsyncGenerator<Row> {
  const first = await nextWithText(lines);
  if (first === undefined) return;
  if (first.text.trimStart().startsWith('{')) {
    yield jsonRow(first);
    for await (const line of lines) if (line.text.trim() !== '') yield jsonRow(line);
    return;
  }
  const header = headerOf(first.text, names);
  checkHeader(header.names);
  for await (const { line, cells = [], fault } of csvRows(lines, header))
    yield { line, fields: new Map(cells.map((cell, n) => [header.names[n] ?? '', cell])), ...(fault && { fault }) };
}

async function nextWithText(lines: AsyncGenerator<Line>): Promise<Line | undefined> {
  for (;;) {
    const { value } = await lines.next();
    if (value === undefined || value.text.trim() !== '') return value;
  }
}

/** @throws Misused */
function checkHeader(columns: readonly string[]): void {
  if (!names.some((name) => columns.includes(name)))
    throw new Misused(
      `the first line must name the columns, ${names.join(' or ')} among them; got ${JSON.stringify(columns.join(',').slice(0, 100))}`,
    );
  const twice = read.find((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (twice !== undefined) throw new Misused(`the first line must name the column ${twice} once`);
}

function jsonRow({ line, text }: Line): Row {
  const faulty = (fault: string): Row => ({ line, fields: new Map(), fault });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return faulty('must be an object of JSON');
    const said = Object.entries(value).filter(([, of]) => typeof of === 'string' || typeof of === 'number');
    return { line, fields: new Map(said.map(([name, of]) => [name.toLowerCase(), String(of)])) };
  } catch {
    return faulty('is no JSON');
  }
}

/** What a decoder puts in place of bytes that are no text in UTF-8. */
const lost = '\uFFFD';

/** A name with a letter that is lost would be another one. */
function faultless(row: Row): Row {
  const spoiled = read.find((name) => row.fields.get(name)?.includes(lost));
  return spoiled === undefined ? row : { line: row.line, fields: new Map(), fault: `${spoiled} is not UTF-8` };
}
