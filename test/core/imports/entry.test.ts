import { describe, expect, it } from 'vitest';
import { entryOfChange, entryOfRow, recordId, timeFault } from '../../../lambdas/core/imports/entry.ts';
import type { ChangeLine } from '../../../lambdas/core/imports/piece-line.ts';
import { DeclaredObject, type EventRows, type RecordRows } from '../../../lambdas/core/sources/objects.ts';
import { readJson } from '../../../lambdas/core/values/json.ts';

const load = { startedAt: Date.parse('2026-01-31T12:00:00.000Z'), name: 'abc' };
const place = { file: 'orders.csv', line: 7 };
const events = (more: object) => DeclaredObject.parse({ object: 'orders', rows: 'events', ...more }) as EventRows;
const records = (more: object) =>
  DeclaredObject.parse({ object: 'people', rows: 'records', key: ['id'], ...more }) as RecordRows;
const to = { type: 'identify' };
const entryOf = (row: object, more: object, at: object = place) => {
  const read = entryOfRow({ row: row as Record<string, unknown>, place: at as typeof place }, events(more), load);
  if (!read.ok) throw new Error(read.fault.reason);
  return read.entry;
};
const faultOf = (row: object, more: object) => {
  const read = entryOfRow({ row: row as Record<string, unknown>, place }, events(more), load);
  return read.ok ? undefined : read.fault.field;
};

describe('a row of events', () => {
  it('is named by its key, and by its time if it has one, wherever it is', () => {
    const row = { no: 5, at: '2026-01-01T00:00:00Z', total: 3 };
    expect(entryOf(row, { key: ['no'] }).name).toEqual(['orders', '5']);
    expect(entryOf(row, { key: ['no'] }, { file: 'b', line: 9 }).name).toEqual(['orders', '5']);
    expect(entryOf(row, { key: ['no'], time: 'at' }).name).toEqual(['orders', '5', '2026-01-01T00:00:00.000Z']);
  });

  it('is named without a key by its load, its content in any order, and its line', () => {
    const { name } = entryOf({ a: 1, b: 2 }, {});
    expect(entryOf({ b: 2, a: 1 }, {}).name).toEqual(name);
    for (const [row, at] of [
      [{ a: 1, b: 3 }, place],
      [
        { a: 1, b: 2 },
        { ...place, line: 8 },
      ],
    ] as const)
      expect(entryOf(row, {}, at).name).not.toEqual(name);
  });

  it('happened at its time, or else when its load began', () => {
    expect(entryOf({ at: 1767225600 }, { time: 'at' }).time).toBe('2026-01-01T00:00:00.000Z');
    expect(entryOf({ at: '2026-01-01' }, {}).time).toBe('2026-01-31T12:00:00.000Z');
  });

  it.each([
    { flaw: 'an empty key', row: { no: '' }, more: { key: ['no'] }, field: 'no' },
    { flaw: 'no key', row: {}, more: { key: ['no'] }, field: 'no' },
    { flaw: 'an inherited key', row: {}, more: { key: ['constructor'] }, field: 'constructor' },
    { flaw: 'a key that is true', row: { no: true }, more: { key: ['no'] }, field: 'no' },
    { flaw: 'no time', row: { at: null }, more: { time: 'at' }, field: 'at' },
    { flaw: 'a time in words', row: { at: 'yesterday' }, more: { time: 'at' }, field: 'at' },
  ])('is refused with $flaw', ({ row, more, field }) => expect(faultOf(row, more)).toBe(field));
});

describe('a change of a record', () => {
  const change = (kind: 'created' | 'updated' | 'deleted'): ChangeLine => ({
    record: {
      object: 'people',
      id: '7',
      kind,
      changed: { city: null },
      columns: { id: '7' },
      at: '2026-01-02T00:00:00Z',
      hash: 'h',
    },
  });
  const gone = { on: ['deleted'], to: { type: 'track', event: 'Record Deleted' } };

  it.each([
    { kind: 'created', deletes: 'keep', types: ['identify'] },
    { kind: 'updated', deletes: 'clear', types: ['identify'] },
    { kind: 'deleted', deletes: 'keep', types: ['track'] },
    { kind: 'deleted', deletes: 'clear', types: ['identify', 'track'] },
  ] as const)('that is $kind, with deletes: $deletes, meets $types', ({ kind, deletes, types }) => {
    const { mappings } = entryOfChange(change(kind), records({ deletes, mappings: [{ to }, gone] }));
    expect(mappings.map(({ to: { type } }) => type)).toEqual(types);
  });

  it.each([
    { kind: 'deleted', deletes: 'unlink', released: ['identify'] },
    { kind: 'updated', deletes: 'unlink', released: undefined },
    { kind: 'deleted', deletes: 'keep', released: undefined },
  ] as const)('that is $kind, with deletes: $deletes, releases the ids of $released', ({ kind, deletes, released }) => {
    const context = { externalIds: [] };
    const mappings = [{ to: { ...to, context } }, gone];
    const entry = entryOfChange(change(kind), records({ deletes, mappings }));
    expect(entry.released?.map(({ to: { type } }) => type)).toEqual(released);
  });

  it('is named by what changed, when, and to what', () => {
    const { name, more } = entryOfChange(change('updated'), records({ mappings: [{ to }] }));
    expect(name).toEqual(['people', '7', 'updated', '2026-01-02T00:00:00.000Z', 'h']);
    expect(more).toMatchObject({ id: '7', kind: 'updated', changed: { city: null }, row: { id: '7' } });
  });
});

it('makes ids of records of one key or several, with the digits that were sent', () => {
  const row = readJson('{"id": 12345678901234567890, "shop": "a"}') as Record<string, unknown>;
  expect(recordId(row, records({ mappings: [{ to }] }))).toBe('12345678901234567890');
  expect(recordId(row, records({ key: ['shop', 'id'], mappings: [{ to }] }))).toBe('["a","12345678901234567890"]');
  expect(recordId({ id: '' }, records({ mappings: [{ to }] }))).toBeUndefined();
});

it.each([
  { timestamp: '2026-02-01T12:00:00.000Z', refused: false },
  { timestamp: '2026-02-01T12:00:00.001Z', refused: true },
  { timestamp: 'soon', refused: true },
  { timestamp: '1969-01-01T00:00:00Z', refused: false },
])('refuses the time $timestamp: $refused', ({ timestamp, refused }) =>
  expect(timeFault(timestamp, load) !== undefined).toBe(refused),
);
