import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetFile } from '../../../../lambdas/adapters/destinations/native/parquet-file.ts';
import type { Call, Item } from '../../../../lambdas/core/destinations/destination.ts';
import { readJson } from '../../../../lambdas/core/values/json.ts';
import { numRuns, seedOfRun } from '../../../fixtures/laws.ts';

type Row = Readonly<Record<string, string | number | null>>;
interface Read {
  readonly types: unknown;
  readonly rows: readonly Row[];
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('', ' ', 'null', '😀\u0000', 'é'));
const time = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('1.50', '12345678901234567890', '1e400').map(readJson),
);
const fields = fc.dictionary(text, anything, { maxKeys: 4 });
const optional = { requiredKeys: ['messageId', 'type', 'timestamp'] as const };
const call = fc.record(
  {
    messageId: text,
    type: fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias'),
    timestamp: fc.oneof(
      time,
      fc.constantFrom('+012345-01-01T00:00:00.000Z', 'yesterday', '2026-05-01T10:00:00.123456Z'),
    ),
    receivedAt: time,
    sourceId: text,
    userId: fc.oneof(text, fc.constant(null)),
    anonymousId: text,
    groupId: fc.oneof(text, anything),
    previousId: text,
    event: text,
    name: fc.oneof(text, fc.constant(null)),
    properties: fc.oneof(fields, fc.constant(null)),
    traits: fields,
    context: fields,
    integrations: fields,
    originalTimestamp: anything,
    channel: text,
  },
  { requiredKeys: [...optional.requiredKeys] },
);
const batch = fc.array(fc.record({ call, about: fc.option(text, { nil: undefined }) }), {
  minLength: 1,
  maxLength: 12,
});

const seed = seedOfRun();
const batches = fc
  .sample(batch, { seed, numRuns: numRuns(300) })
  .map((items) =>
    items.map(({ call: made, about }): Item => ({ id: made.messageId, call: made as unknown as Call, about })),
  );
const items = batches.flat();

let folder: string;
let read: { readonly duckdb: Read; readonly pyarrow: Read };
beforeAll(async () => {
  console.log(`parquet: seed ${seed}, ${batches.length} files, ${items.length} rows`);
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  for (const [n, each] of batches.entries())
    writeFileSync(join(folder, `${String(n).padStart(5, '0')}.parquet`), parquetFile(each));
  const script = 'test/fixtures/read_parquet.py';
  const { stdout } = await promisify(execFile)('.venv/bin/python', [script, folder], { maxBuffer: 256 * 1024 * 1024 });
  read = JSON.parse(stdout);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ofText = [
  'message_id',
  'type',
  'source_id',
  'user_id',
  'anonymous_id',
  'group_id',
  'previous_id',
  'event',
  'name',
];
const ofJson = ['properties', 'traits', 'context', 'integrations'];
const ofTime = ['timestamp', 'received_at'];
const fieldOf = (column: string) => column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The call that a row was made of. */
function callIn(row: Row): Record<string, unknown> {
  const of = (columns: readonly string[], value: (cell: string | number) => unknown) =>
    columns.flatMap((column) => {
      const cell = row[column] ?? undefined;
      return cell === undefined ? [] : [[fieldOf(column), value(cell)] as const];
    });
  return Object.fromEntries([
    ...of(ofText, String),
    ...of(ofTime, (cell) => new Date(Number(cell)).toISOString()),
    ...of(ofJson, (cell) => readJson(String(cell))),
    ...Object.entries((row.others == null ? {} : readJson(String(row.others))) as object),
  ]);
}

const sorted = (value: object) => JSON.stringify(value, Object.keys(value).sort());

describe.each(['duckdb', 'pyarrow'] as const)('files that %s reads', (reader) => {
  it('have each call, whole, digit by digit, in its order, with its segment', () => {
    const { rows } = read[reader];
    expect(rows).toHaveLength(items.length);
    for (const [n, item] of items.entries()) {
      const row = rows[n] ?? {};
      const told = callIn(row);
      for (const [name, value] of Object.entries(item.call))
        expect(JSON.stringify(told[name])).toBe(JSON.stringify(value));
      expect(sorted(Object.keys(told).sort())).toBe(sorted(Object.keys(item.call).sort()));
      expect(row.segment ?? undefined).toBe(item.about);
    }
  });

  it('have nulls where a call has nothing', () => {
    for (const [n, { call: made }] of items.entries())
      for (const column of [...ofText, ...ofJson, ...ofTime])
        if (!Object.hasOwn(made, fieldOf(column)) || made[fieldOf(column) as keyof Call] === null)
          expect(read[reader].rows[n]?.[column] ?? null).toBeNull();
  });
});

it('have the same columns of the same types, whatever is in them', () => {
  const types = Object.fromEntries([...ofText, ...ofJson, 'segment', 'others'].map((column) => [column, 'VARCHAR']));
  expect(read.duckdb.types).toEqual({
    ...types,
    ...Object.fromEntries(ofTime.map((column) => [column, 'TIMESTAMP WITH TIME ZONE'])),
    filename: 'VARCHAR',
  });
  expect(read.pyarrow.types).toHaveLength(1);
});
