import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../../lambdas/adapters/files/read-rows.ts';
import type { ReadRow } from '../../../lambdas/core/files/read-row.ts';
import type { FileForm } from '../../../lambdas/core/sources/file-form.ts';
import {
  asCsv,
  chanceOf,
  chosenFaults,
  type FaultyFile,
  faults,
  fileOf,
  madeColumns,
  madeRows,
  usualForm,
  usualLimits,
} from '../../fixtures/faulty-file.ts';
import { numRuns, seedOfRun } from '../../fixtures/laws.ts';

const form: FileForm = { format: 'csv', ...usualForm };

async function rowsOf(bytes: Buffer, piece?: number, how: Partial<FileForm> = {}): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const some of readRows(fileOf(bytes, piece), { ...form, ...how }, madeColumns, usualLimits))
    rows.push(...some);
  return rows;
}

const expected = ({ written }: FaultyFile) =>
  written.map(({ line, byte, row, fault }) =>
    fault === undefined ? { row, place: { line, byte } } : { place: { line, byte }, reason: faults[fault] },
  );
const seen = (rows: readonly ReadRow[]) =>
  rows.map((read) => ('row' in read ? read : { place: read.bad.place, reason: read.bad.reason }));

it('finds each row and each fault of 300,000 rows at its line and byte, and none besides', async () => {
  const seed = seedOfRun();
  const chance = chanceOf(seed);
  const rows = madeRows(chance, 300_000);
  const file = asCsv(rows, chosenFaults(chance, rows.length, 0.01, 3));
  const read = await rowsOf(file.bytes);
  const bad = read.filter((one) => 'bad' in one);
  const kinds = new Set(bad.map((one) => ('bad' in one ? one.bad.reason : '')));
  console.info(
    `seed ${seed}: ${read.length} rows, ${bad.length} bad of ${kinds.size} kinds, ${file.bytes.length} bytes`,
  );
  expect(read.length).toBe(300_000);
  expect([...kinds].sort()).toEqual(Object.values(faults).sort());
  const [found, wanted] = [seen(read), expected(file)].map((all) => all.map((one) => JSON.stringify(one)));
  expect(found?.filter((one, n) => one !== wanted?.[n]).slice(0, 3)).toEqual([]);
  const lines = file.bytes.toString('latin1').split('\n');
  const wrongLines = bad.filter((one) => {
    const { place, raw } = (one as { bad: { place: { line: number }; raw: string } }).bad;
    return !raw.startsWith(lines[place.line - 1]?.split(',')[0] ?? '?');
  });
  expect(wrongLines).toEqual([]);
});

it('reads the same in pieces of any length, packed or not, with either end of line', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (seed, count, piece, feed, packed) => {
        const chance = chanceOf(seed);
        const rows = madeRows(chance, count);
        const file = asCsv(rows, chosenFaults(chance, count, 0.3, 0), feed);
        const bytes = packed ? gzipSync(file.bytes) : file.bytes;
        expect(seen(await rowsOf(bytes, piece))).toEqual(expected(file));
      },
    ),
    { numRuns: numRuns(400) },
  ));

it('reads what csv-parse reads, where nothing is wrong', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', ';') }), {
          minLength: 3,
          maxLength: 3,
        }),
      ),
      fc.integer({ min: 1, max: 40 }),
      async (table, piece) => {
        const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
        const text = ['a,b,c', ...table.map((row) => row.map(quoted).join(','))].join('\n');
        const oracle = parse(text, { columns: true, record_delimiter: '\n' }) as Record<string, string>[];
        const bytes = Buffer.from(text);
        const rows: ReadRow[] = [];
        for await (const some of readRows(fileOf(bytes, piece), form, new Map(), usualLimits)) rows.push(...some);
        const emptied = oracle.map((row) =>
          Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v === '' ? null : v])),
        );
        expect(rows.map((one) => ('row' in one ? one.row : one))).toEqual(emptied);
      },
    ),
    { numRuns: numRuns(400) },
  ));

describe('a file is refused as a whole', () => {
  it.each([
    { name: 'two columns of one name', text: 'id,name,name\n1,a,b\n', reason: 'two columns have the name name' },
    { name: 'a column without a name', text: 'id,,name\n', reason: 'column 2 has no name' },
    {
      name: 'no declared column',
      text: 'id,name,amount,at\n',
      reason: 'has no column vip; it has id, name, amount, at',
    },
    { name: 'no line at all', text: '\n\n', reason: 'is empty: it has no line with the names of columns' },
    {
      name: 'an open quote in the header',
      text: 'id,"name\n1,b\n',
      reason: 'the line with the names of columns has a quote that nothing closes',
    },
  ])('with $name', async ({ text, reason }) => {
    await expect(rowsOf(Buffer.from(text))).rejects.toMatchObject({ name: 'BadFile', message: reason });
  });
});

describe('a line', () => {
  const head = 'id,name,amount,at,vip\n';
  it.each([
    { name: 'without a feed at the end of the file is a row', text: '1,a,2,,', rows: 1 },
    { name: 'that is blank is none', text: '\n\r\n1,a,2,,\n\n\n', rows: 1 },
    { name: 'with blanks only is a bad row', text: '  \n', rows: 1 },
    {
      name: 'that opens a quote at the end is bad, and no line before or after it',
      text: '1,a,2,,\n2,"b,3,,\n3,c,4,,',
      rows: 3,
    },
  ])('$name', async ({ text, rows }) => expect(await rowsOf(Buffer.from(`${head}${text}`), 3)).toHaveLength(rows));

  it('that leaves a quote open does not make readers read again and again', async () => {
    const text = `${head}${'"x\n'.repeat(400_000)}`;
    const started = performance.now();
    expect(await rowsOf(Buffer.from(text))).toHaveLength(400_000);
    const plain = `${head}${'x,\n'.repeat(400_000)}`;
    const between = performance.now();
    await rowsOf(Buffer.from(plain));
    expect((between - started) / (performance.now() - between)).toBeLessThan(10);
  });
});

it('refuses the lines that DuckDB refuses, at the same bytes', () => {
  const chance = chanceOf(seedOfRun());
  const rows = madeRows(chance, 4_000);
  const chosen = chosenFaults(chance, rows.length, 0.3, 0);
  // DuckDB takes the rest of a file for the text of an open quote, and two of these for good rows; it reads no times.
  for (const [n, fault] of chosen) if (['open', 'nul', 'inside', 'day'].includes(fault)) chosen.delete(n);
  const file = asCsv(rows, chosen);
  const path = join(mkdtempSync(join(tmpdir(), 'rejects-')), 'rows.csv');
  writeFileSync(path, file.bytes);
  const told = JSON.parse(
    execFileSync('.venv/bin/python', ['test/fixtures/duckdb_rejects.py', path], { encoding: 'utf8' }),
  );
  expect(told.bytes).toEqual(file.written.filter(({ fault }) => fault !== undefined).map(({ byte }) => byte));
  expect(told.accepted).toBe(rows.length - chosen.size);
});
