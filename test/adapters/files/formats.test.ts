import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { localBytes } from '../../../lambdas/adapters/files/file-bytes.ts';
import { readRows } from '../../../lambdas/adapters/files/read-rows.ts';
import type { ReadRow } from '../../../lambdas/core/files/read-row.ts';
import type { FileForm } from '../../../lambdas/core/sources/file-form.ts';
import { asCsv, chanceOf, fileOf, madeColumns, madeRows, usualForm, usualLimits } from '../../fixtures/faulty-file.ts';
import { asParquet } from '../../fixtures/made-parquet.ts';

type How = Partial<FileForm> & Pick<FileForm, 'format'>;

async function read(bytes: Buffer, how: How): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const some of readRows(fileOf(bytes, 9_999), { ...usualForm, ...how }, madeColumns, usualLimits))
    rows.push(...some);
  return rows;
}
const values = (rows: readonly ReadRow[]) => rows.map((one) => ('row' in one ? one.row : one));

const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const rows = madeRows(chanceOf(7), 2_000);
const csv = asCsv(rows, new Map()).bytes;
const ndjson = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

it.each<How & { readonly name: string; readonly bytes: Buffer }>([
  { name: 'CSV', format: 'csv', bytes: csv },
  { name: 'CSV with a byte order mark', format: 'csv', bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), csv]) },
  { name: 'CSV in UTF-16LE', format: 'csv', encoding: 'utf-16le', bytes: utf16(csv.toString(), false) },
  { name: 'CSV in UTF-16BE', format: 'csv', encoding: 'utf-16be', bytes: utf16(csv.toString(), true) },
  {
    name: 'CSV without a header',
    format: 'csv',
    header: [...madeColumns.keys()],
    bytes: csv.subarray(csv.indexOf('\n') + 1),
  },
  { name: 'NDJSON', format: 'ndjson', bytes: ndjson },
  { name: 'a JSON list', format: 'json', bytes: Buffer.from(JSON.stringify(rows)) },
  { name: 'a JSON list in many lines', format: 'json', bytes: Buffer.from(JSON.stringify(rows, null, 2)) },
  { name: 'JSON objects one after another', format: 'json', bytes: ndjson },
  { name: 'Parquet', format: 'parquet', bytes: asParquet(rows) },
])('the same rows come from $name, packed or not', async ({ name: _, bytes, ...how }) => {
  expect(values(await read(bytes, how))).toEqual(rows);
  if (how.format !== 'parquet') expect(values(await read(gzipSync(bytes), how))).toEqual(rows);
});

it.each([
  { encoding: 'windows-1252', bytes: [0x80, 0x93, 0xfc, 0x94, 0x8d], text: '€“ü”\x8d' },
  { encoding: 'iso-8859-15', bytes: [0xa4, 0xbd, 0xfc, 0xa6], text: '€œüŠ' },
] as const)('reads $encoding', async ({ encoding, bytes, text }) => {
  const line = Buffer.concat([Buffer.from('{"id":"'), Buffer.from(bytes), Buffer.from('"}\n')]);
  expect(values(await read(line, { format: 'ndjson', encoding }))).toEqual([{ id: text }]);
});

describe('JSON', () => {
  it.each([
    { name: 'no JSON', text: '{"id":"1"}\n{id:2}\n{"id":"3"}', bad: { line: 2, byte: 11, reason: 'is no JSON' } },
    {
      name: 'no object',
      text: '{"id":"1"}\n\n[2]\n{"id":"3"}',
      bad: { line: 3, byte: 12, reason: 'is no JSON object' },
    },
    {
      name: 'a wrong type',
      text: '{"id":"1"}\r\n{"amount":"two"}\n{}',
      bad: { line: 2, byte: 12, reason: 'column amount is no number' },
    },
    {
      name: 'too deep a value',
      text: `{"id":"1"}\n{"x":${'['.repeat(9_000)}${']'.repeat(9_000)}}\n{}`,
      bad: { line: 2, byte: 11, reason: 'is nested too deeply' },
    },
  ])('with $name is a bad row at its place', async ({ text, bad: { reason, ...place } }) => {
    const bad = (await read(Buffer.from(text), { format: 'ndjson' })).filter((row) => 'bad' in row);
    expect(bad).toMatchObject([{ bad: { place, reason } }]);
    expect(await read(Buffer.from(text), { format: 'ndjson' })).toHaveLength(3);
  });

  it.each([
    { name: 'no JSON', text: '[{"id":"1"},\n {id:2}, {"id":"3"}]', bad: { line: 2, byte: 14, reason: 'is no JSON' } },
    {
      name: 'no object',
      text: '[{"id":"1"}, "a,]}b", {"id":"3"}]',
      bad: { line: 1, byte: 13, reason: 'is no JSON object' },
    },
    {
      name: 'a wrong type',
      text: '[{"id":"1"},\n\n{"vip":"hm"},{}]',
      bad: { line: 3, byte: 14, reason: 'column vip is no boolean' },
    },
    {
      name: 'a huge value',
      text: `[{"id":"1"},{"id":"${'x'.repeat(2_000_000)}"},{"id":"3"}]`,
      bad: { line: 1, byte: 12, reason: 'is longer than 1 MB' },
    },
  ])('in a list with $name is a bad row at its place', async ({ text, bad: { reason, ...place } }) => {
    const read3 = await read(Buffer.from(text), { format: 'json' });
    expect(read3.filter((row) => 'bad' in row)).toMatchObject([{ bad: { place, reason } }]);
    expect(read3).toHaveLength(3);
  });

  it.each([
    { name: 'ends early', text: '[{"id":1},', what: 'is broken at line 1, byte 10: the list is not closed' },
    {
      name: 'ends within a value',
      text: '[{"id":1},\n{"id":',
      what: 'is broken at line 2, byte 17: a value is not closed',
    },
    {
      name: 'lacks a comma',
      text: '[{"id":1} {"id":2}]',
      what: 'is broken at line 1, byte 10: a comma or the end of the list was expected',
    },
    { name: 'goes on', text: '[{"id":1}]\n{"id":2}', what: 'is broken at line 2, byte 11: something follows the list' },
    {
      name: 'has a text that is not closed',
      text: '[{"id":"1},\n{"id":2}]',
      what: 'is broken at line 1, byte 11: a text is not closed',
    },
  ])('that is a list and $name makes the file bad', async ({ text, what }) => {
    await expect(read(Buffer.from(text), { format: 'json' })).rejects.toMatchObject({ name: 'BadFile', message: what });
  });
});

it('reads what PyArrow writes, however it is packed, with all digits', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  execFileSync('.venv/bin/python', ['test/fixtures/parquet_files.py', folder]);
  const wanted = JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8'), (_, value) =>
    typeof value?.digits === 'string' ? JSON.rawJSON(value.digits) : value,
  );
  const files = globSync(join(folder, '*.parquet'));
  expect(files).toHaveLength(12);
  for (const path of files) {
    const found: ReadRow[] = [];
    for await (const some of readRows(
      await localBytes(path),
      { ...usualForm, format: 'parquet' },
      new Map(),
      usualLimits,
    ))
      found.push(...some);
    expect(found.map((one) => JSON.stringify('row' in one ? one.row : one))).toEqual(
      wanted.map((row: unknown) => JSON.stringify(row)),
    );
    expect(found.map((one) => ('row' in one ? one.place.row : 0))).toEqual(found.map((_, n) => n + 1));
  }
});
