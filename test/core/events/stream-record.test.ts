import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packLines, recordBytes } from '../../../lambdas/core/events/stream-record.ts';

const line = (json: string, person = json) => ({ json, person });

it('packs a request into one record, sharded by its first event', () => {
  expect(packLines([line('{"a":1}', 'p1'), line('{"b":2}', 'p2')])).toEqual([
    { text: '{"a":1}\n{"b":2}\n', person: 'p1' },
  ]);
});

it('packs nothing into no record', () => expect(packLines([])).toEqual([]));

it.each([
  { name: 'what just fits', sizes: [4, 4], records: 1 },
  { name: 'one byte more', sizes: [4, 5], records: 2 },
  { name: 'a line longer than a record', sizes: [2, 30, 2], records: 3 },
])('$name makes $records record(s)', ({ sizes, records }) => {
  expect(
    packLines(
      sizes.map((size) => line('x'.repeat(size))),
      10,
    ),
  ).toHaveLength(records);
});

it('stays under what both streams take', () => expect(recordBytes + 64).toBeLessThan(1000 * 1024));

it('keeps every line, in order, within the limit, in as few records as greed allows', () =>
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\n'))),
      fc.integer({ min: 100, max: 300 }),
      (texts, max) => {
        const records = packLines(
          texts.map((text) => line(text)),
          max,
        ).map(({ text }) => text);
        const bytes = records.map((text) => Buffer.byteLength(text));
        expect(records.join('')).toBe(texts.map((text) => `${text}\n`).join(''));
        expect(Math.max(0, ...bytes)).toBeLessThanOrEqual(max);
        records.slice(1).forEach((text, i) => {
          const first = Buffer.byteLength(text.slice(0, text.indexOf('\n') + 1));
          expect((bytes[i] ?? 0) + first).toBeGreaterThan(max);
        });
      },
    ),
  ));
