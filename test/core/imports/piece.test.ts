import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsFor, shardBytes } from '../../../lambdas/core/imports/duration.ts';
import { loadIdOf, pieceKey, readLoadId, readPieceKey } from '../../../lambdas/core/imports/load.ts';
import { readPieceLine } from '../../../lambdas/core/imports/piece-line.ts';

describe('a load and its pieces', () => {
  it('are told by their keys', () => {
    const names = fc.stringMatching(/^[\w-]{1,100}$/);
    const ids = fc.stringMatching(/^[a-z][a-z0-9_-]{0,39}$/);
    const times = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(times, names, ids, ids, fc.nat(999_999_999), (at, name, sourceId, object, number) => {
        const load = { startedAt: at.getTime(), name };
        const loadId = loadIdOf(load);
        expect(readLoadId(loadId)).toEqual(load);
        const piece = { sourceId, loadId, object, number };
        expect(readPieceKey(pieceKey(piece))).toEqual({ ...piece, load });
      }),
    );
  });

  it.each([
    'imports/staged/crm/20260131T120000000Z-a/manifest.json',
    'imports/staged/crm/20261331T120000000Z-a/people-1.ndjson.gz',
    'imports/staged/crm/people-1.ndjson.gz',
    'imports/staged/CRM/20260131T120000000Z-a/people-1.ndjson.gz',
    'raw/20260131T120000000Z-a/people-1.ndjson.gz',
  ])('is not the key of a piece: %s', (key) => expect(readPieceKey(key)).toBeUndefined());

  it.each([
    {
      what: 'large rows, by their bytes: half a shard takes 1.8 GB an hour',
      rows: 1_000_000,
      bytes: 1.8e9,
      seconds: 3_600,
    },
    { what: 'small rows, by their number', rows: 1_000_000, bytes: 1e8, seconds: 2_000 },
    { what: 'nothing, at once', rows: 0, bytes: 0, seconds: 0 },
  ])('says how long an import takes: $what', ({ rows, bytes, seconds }) =>
    expect(secondsFor({ rows, bytes }, shardBytes / 2)).toBe(seconds),
  );
});

describe('a line of a piece', () => {
  const place = { file: 'a.csv', line: 3, byte: 40 };
  const record = {
    object: 'o',
    id: '1',
    kind: 'created',
    changed: {},
    columns: {},
    at: '2026-01-01T00:00:00Z',
    hash: 'h',
  };

  it.each([
    { row: { a: 1 }, place },
    { row: { a: 1 }, place, occurrence: 4 },
    { record },
    { bad: { place, reason: 'has too many columns', raw: '1,2,3' } },
  ])('is read: $0', (line) => expect(readPieceLine(JSON.stringify(line))).toEqual({ ok: true, line }));

  it('keeps the digits of its numbers', () => {
    const text = '{"row":{"id":12345678901234567890},"place":{"file":"a"}}';
    const read = readPieceLine(text);
    expect(JSON.stringify(read.ok && read.line)).toBe(text);
  });

  it.each([
    { flaw: 'no JSON', text: '{"row":' },
    { flaw: 'a list', text: '[]' },
    { flaw: 'nothing known', text: '{"place":{}}' },
    { flaw: 'a row that is a text', text: '{"row":"a","place":{"file":"a"}}' },
    { flaw: 'a row from nowhere', text: '{"row":{}}' },
    { flaw: 'an unknown kind', text: JSON.stringify({ record: { ...record, kind: 'moved' } }) },
    { flaw: 'a time in words', text: JSON.stringify({ record: { ...record, at: 'noon' } }) },
    { flaw: 'no reason', text: '{"bad":{"place":{"file":"a"},"raw":1}}' },
  ])('is refused with $flaw, without its content', ({ text }) => {
    const read = readPieceLine(text);
    expect(read.ok ? '' : read.reason).toMatch(/^is a line of a piece/);
  });
});
