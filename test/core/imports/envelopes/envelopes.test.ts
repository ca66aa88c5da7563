import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, inLogOrder, type ReadMessage } from '../../../../lambdas/core/imports/envelopes/change.ts';
import { readDebezium } from '../../../../lambdas/core/imports/envelopes/debezium.ts';
import { readDmsMessage, readDmsRow } from '../../../../lambdas/core/imports/envelopes/dms.ts';
import { comparePositions, positionText, readPosition } from '../../../../lambdas/core/imports/envelopes/position.ts';
import { readJson } from '../../../../lambdas/core/values/json.ts';
import { numRuns } from '../../../fixtures/laws.ts';

const ann = { id: 1, email: 'ann@shop.example' };
/** The forms of Debezium's own pages: PostgreSQL with numbers of the log, MySQL with files. */
const postgresql = { connector: 'postgresql', ts_ms: 1_798_000_000_000, schema: 'public', table: 'people', txId: 555 };
const mysql = { connector: 'mysql', ts_ms: 1_798_000_000_000, db: 'shop', table: 'people', gtid: null };

const changeOf = (message: ReadMessage): Change | undefined => (message.ok ? message.change : undefined);

describe('Debezium', () => {
  it.each([
    {
      name: 'a creation',
      value: { before: null, after: ann, source: { ...postgresql, lsn: 24_023_128 }, op: 'c', ts_ms: 1 },
      change: { kind: 'created', row: ann, position: [24_023_128n], table: 'public.people', transaction: '555' },
    },
    {
      name: 'a creation within its schema',
      value: { schema: {}, payload: { after: ann, source: { ...postgresql, lsn: 7 }, op: 'c' } },
      change: { kind: 'created', row: ann, position: [7n] },
    },
    {
      name: 'a row of a snapshot',
      value: { after: ann, source: { ...postgresql, lsn: 7, snapshot: 'first' }, op: 'r' },
      change: { kind: 'read', row: ann, position: [7n], at: 1_798_000_000_000 },
    },
    {
      name: 'a deletion of which the log has only the key',
      value: { before: { id: 1, email: null }, after: null, source: { ...postgresql, lsn: 9 }, op: 'd' },
      key: { schema: {}, payload: { id: 1 } },
      change: { kind: 'deleted', row: { id: 1, email: null } },
    },
    {
      name: 'a deletion without anything before',
      value: { before: null, after: null, source: { ...postgresql, lsn: 9 }, op: 'd' },
      key: { id: 1 },
      change: { kind: 'deleted', row: { id: 1 } },
    },
    {
      name: 'a place in a file',
      value: { after: ann, source: { ...mysql, file: 'mysql-bin.000003', pos: 4696, row: 2 }, op: 'u' },
      change: { kind: 'updated', position: [3n, 4696n, 2n], table: 'people' },
    },
    {
      name: 'a place in hexadecimal digits',
      value: {
        after: ann,
        source: { change_lsn: '00000027:00000758:0003', commit_lsn: '00000027:00000758:0005', event_serial_no: '1' },
        op: 'c',
      },
      change: { position: [0x27n, 0x758n, 5n, 0x27n, 0x758n, 3n, 1n] },
    },
  ])('tells $name', ({ value, key, change }) => {
    expect(changeOf(readDebezium(value, key))).toMatchObject(change);
  });

  it.each([
    ['a tombstone', null],
    ['a heartbeat', { ts_ms: 1 }],
    ['the end of a transaction', { status: 'END', id: '571', event_count: 2 }],
    ['a changed schema', { source: {}, ddl: 'alter table people' }],
    ['a message of the log', { op: 'm', message: {} }],
  ])('has no change in %s', (_, value) => {
    expect(readDebezium(value, { id: 1 })).toEqual({ ok: true, change: undefined });
  });

  it.each([
    ['a truncation', { op: 't', source: {} }, 'whole table'],
    ['an unknown op', { op: 'x' }, '"x"'],
    ['a creation without a row', { op: 'c', after: null }, 'after'],
    ['a deletion without a key', { op: 'd', before: null }, 'key'],
    ['a text', 'hello', 'object'],
  ])('refuses %s', (_, value, reason) => {
    expect(readDebezium(value)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('keeps the digits of a place that no double holds', () => {
    const value = readJson('{"op":"c","after":{"id":1},"source":{"lsn":18446744073709551615}}');
    expect(changeOf(readDebezium(value))?.position).toEqual([18_446_744_073_709_551_615n]);
  });
});

describe('DMS', () => {
  it.each([
    ['I', 'created'],
    ['U', 'updated'],
    ['D', 'deleted'],
    [undefined, 'read'],
    ['', 'read'],
  ])('tells by Op %j in a file that a row was %s', (Op, kind) => {
    const row = { ...(Op !== undefined && { Op }), ...ann, committed: '2026-05-01 10:00:00.000000', seq: '20260501_7' };
    const change = changeOf(readDmsRow(row, { time: 'committed', position: 'seq' }));
    expect(change).toMatchObject({ kind, row: ann, at: Date.UTC(2026, 4, 1, 10), position: [20_260_501n, 7n] });
  });

  it.each([
    ['load', 'read'],
    ['insert', 'created'],
    ['update', 'updated'],
    ['delete', 'deleted'],
  ])('tells by the operation %s of a message that a row was %s', (operation, kind) => {
    const metadata = {
      timestamp: '2026-05-01T10:00:00.000000Z',
      'record-type': 'data',
      operation,
      'schema-name': 'shop',
      'table-name': 'people',
      'transaction-id': 8_589_934_603,
      'stream-position': 'mysql-bin-changelog.000123.456',
      'transaction-record-id': 2,
    };
    expect(changeOf(readDmsMessage({ data: ann, metadata, 'before-image': {} }))).toMatchObject({
      kind,
      row: ann,
      at: Date.UTC(2026, 4, 1, 10),
      table: 'shop.people',
      position: [123n, 456n, 2n],
      transaction: '8589934603',
    });
  });

  it('has no change in a record about a table', () => {
    const metadata = { 'record-type': 'control', operation: 'create-table' };
    expect(readDmsMessage({ control: {}, metadata })).toEqual({ ok: true, change: undefined });
  });

  it('refuses what it does not know', () => {
    expect(readDmsRow({ Op: 'X' }).ok).toBe(false);
    expect(readDmsMessage({ data: ann, metadata: { operation: 'merge' } }).ok).toBe(false);
    expect(readDmsMessage('text').ok).toBe(false);
  });
});

describe('the order of the log', () => {
  const position = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 3 });

  it.each([
    ['0/16E3778', [24_000_376n]],
    ['1/0', [4_294_967_296n]],
    ['FFFFFFFF/FFFFFFFF', [18_446_744_073_709_551_615n]],
    [7, [7n]],
    ['none', undefined],
    [null, undefined],
  ])('reads %j', (value, wanted) => expect(readPosition(value)).toEqual(wanted));

  it('is the order of the texts of its places', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const [one, other] = [positionText(a), positionText(b)];
        expect(Math.sign(comparePositions(a, b))).toBe(one < other ? -1 : Number(one > other));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it('makes the same last version of a row, however its changes arrive', () => {
    const changes: Change[] = Array.from({ length: 12 }, (_, n) => ({
      kind: n === 0 ? 'read' : 'updated',
      row: { id: 1, n },
      // The snapshot has the place of the first change that follows it.
      position: [BigInt(Math.max(n, 1))],
      at: undefined,
      table: undefined,
      transaction: undefined,
    }));
    fc.assert(
      fc.property(fc.shuffledSubarray(changes, { minLength: changes.length }), (arrived) => {
        expect(inLogOrder(arrived).map(({ row: { n } }) => n)).toEqual(changes.map(({ row: { n } }) => n));
      }),
      { numRuns: numRuns(100) },
    );
  });

  it('is that of arrival where nobody tells a place', () => {
    const rows = [3, 1, 2].map((n) => changeOf(readDmsRow({ Op: 'U', n })) as Change);
    expect(inLogOrder(rows)).toEqual(rows);
  });
});
