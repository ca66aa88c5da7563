import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMarks, encodeMarks, fingerprint } from '../../lambdas/core/marks.ts';

it('gives marks back as they were', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.integer({ min: 400_000, max: 600_000 }))), (said) => {
      const marks = new Map(said.map(([messageId, hour]) => [fingerprint(messageId), hour]));
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
