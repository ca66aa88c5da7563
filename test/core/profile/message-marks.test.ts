import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodeMarks,
  encodeMarks,
  hourOf,
  isForgotten,
  markWindow,
  pruneMarks,
} from '../../../lambdas/core/profile/message-marks.ts';
import { fingerprint } from '../../../lambdas/core/values/fingerprint.ts';

it('gives marks back as they were', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.integer({ min: 400_000, max: 600_000 }))), (stated) => {
      const marks = new Map(stated.map(([messageId, hour]) => [fingerprint(messageId), hour]));
      expect([...decodeMarks(encodeMarks(marks))].sort()).toEqual([...marks].sort());
    }),
  ));

it('marks every message by nine characters', () =>
  fc.assert(
    fc.property(fc.string(), (messageId) => {
      expect(fingerprint(messageId)).toMatch(/^[\w-]{9}$/);
    }),
  ));

it('tells apart messages that differ by one character, with no bit wasted', () => {
  const marks = new Set(Array.from({ length: 100_000 }, (_, n) => fingerprint(`ajs-next-1795435200000-${n}`)));
  expect(marks.size).toBe(100_000);
  for (let place = 0; place < 9; place++) expect(new Set([...marks].map((mark) => mark[place])).size).toBe(64);
});

it.each([
  { messageId: 'm1', mark: 'i9HbMKZx9' },
  { messageId: 'ajs-next-1795435200000-0f', mark: 'DF8PFiLP8' },
  { messageId: 'żółw', mark: 'hrC0j_agx' },
])('knows "$messageId" by a mark that never changes, for tables hold it', ({ messageId, mark }) =>
  expect(fingerprint(messageId)).toBe(mark),
);

it('counts whole hours since 1970', () => {
  expect(hourOf('1970-01-01T01:59:59.999Z')).toBe(1);
  expect(hourOf('2026-05-01T10:00:00.000Z')).toBe(Date.parse('2026-05-01T10:00:00.000Z') / 3_600_000);
});

it('writes no marks as no text, and reads them back', () => {
  expect(encodeMarks(new Map())).toBe('');
  expect(decodeMarks('')).toEqual(new Map());
});

it.each([
  { name: 'as old as the window', hours: [100, 124], kept: [100, 124] },
  { name: 'an hour older', hours: [99, 124], kept: [124] },
  { name: 'an hour older, read last', hours: [124, 99], kept: [124] },
  { name: 'all of one hour', hours: [7, 7, 7], kept: [7, 7, 7] },
])('remembers a message $name: $kept', ({ hours, kept }) => {
  const marks = new Map(hours.map((hour, n) => [fingerprint(`m${n}`), hour]));
  expect([...pruneMarks(marks).values()]).toEqual(kept);
});

it('remembers as many messages as it says, the latest ones, of one hour always the same', () => {
  const numbered = Array.from({ length: markWindow.count }, (_, n): [string, number] => [
    `mark${String(n).padStart(5, '0')}`,
    100 + (n % 2),
  ]);
  expect(pruneMarks(new Map(numbered)).size).toBe(markWindow.count);
  const over = new Map([['mark-late', 101] as [string, number], ...numbered]);
  const kept = pruneMarks(over);
  expect([...over.keys()].filter((mark) => !kept.has(mark))).toEqual([
    `mark${String(markWindow.count - 2).padStart(5, '0')}`,
  ]);
  expect([...pruneMarks(new Map([...over].reverse()))]).toEqual([...kept]);
  expect([...pruneMarks(new Map([...over, ['mark-old', 1]]))]).toEqual([...kept]);
});

it.each([
  { name: 'as old as the window', hours: [100, 124], hour: 100, forgotten: false },
  { name: 'an hour older', hours: [100, 124], hour: 99, forgotten: true },
  { name: 'newer than all', hours: [100], hour: 130, forgotten: false },
  { name: 'of no profile yet', hours: [], hour: 1, forgotten: false },
  {
    name: 'of the hour that the count cut',
    hours: [100, ...Array<number>(markWindow.count).fill(101)],
    hour: 101,
    forgotten: true,
  },
  {
    name: 'of the hour after it',
    hours: Array.from({ length: markWindow.count }, (_, n) => (n === 0 ? 101 : 102)),
    hour: 102,
    forgotten: false,
  },
  {
    name: 'of one hour with one mark less than the most',
    hours: Array<number>(markWindow.count - 1).fill(101),
    hour: 101,
    forgotten: false,
  },
])('a message received in an hour $name is out of memory: $forgotten', ({ hours, hour, forgotten }) =>
  expect(isForgotten(new Map(hours.map((at, n) => [`m${n}`, at])), hour)).toBe(forgotten),
);
