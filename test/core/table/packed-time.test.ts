import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packTime, unpackTime } from '../../../lambdas/core/table/packed-time.ts';

const near = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2060) });
const edges = fc.constantFrom(
  Date.UTC(9999, 11, 31, 23, 59, 59, 999),
  Date.UTC(10_000, 0),
  0,
  1,
  1296 ** 2 - 1,
  1296 ** 2,
  1296 ** 2 + 1,
  -1,
  -3_600_000,
  Date.UTC(2026, 11, 31, 23, 59, 59, 999),
);
const times = fc.oneof(near, edges, fc.date({ noInvalidDate: true }).map(Number));

it('writes and reads every time as the engine does, whatever was written before it', () =>
  fc.assert(
    fc.property(fc.array(times, { maxLength: 20 }), (all) => {
      for (const time of all) {
        const text = new Date(time).toISOString();
        expect(packTime(text)).toBe(time.toString(36));
        expect(unpackTime(time.toString(36))).toBe(text);
      }
    }),
  ));

it.each(['', '!', 'zzzzzzzzzzzzz'])('refuses %j, and reads the next one rightly', (text) => {
  expect(() => unpackTime(text)).toThrow(RangeError);
  expect(unpackTime('mubbs7i8')).toBe(new Date(Number.parseInt('mubbs7i8', 36)).toISOString());
});

it('reads times of more days than it remembers', () => {
  for (let day = 0; day < 2500; day++)
    expect(unpackTime((day * 86_400_000 + 1).toString(36))).toBe(new Date(day * 86_400_000 + 1).toISOString());
});
