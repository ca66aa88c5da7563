import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membershipsIn, packMemberships } from '../../../lambdas/core/table/membership-packing.ts';

const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,79}$/);
/** Few times, so that several segments began together, also with others between them. */
const time = fc.integer({ min: 0, max: 3 }).map((day) => new Date(Date.UTC(2026, 10, 1 + day, 12)).toISOString());

describe("a profile's segments in its item", () => {
  it('are read as they were written, in their order', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, time), { selector: ([name]) => name, minLength: 1 }), (entries) => {
        const read = membershipsIn({ segments: packMemberships(new Map(entries)) });
        expect([...read]).toEqual(entries);
      }),
    ));

  it('have each time once where several began together', () => {
    const [one, other] = ['2026-11-23T12:00:00.000Z', '2026-11-24T12:00:00.000Z'] as const;
    const segments = new Map([
      ['vip', one],
      ['lapsed', one],
      ['german', other],
      ['quiet', one],
    ]);
    expect(packMemberships(segments)).toBe('mwt7reo0 vip lapsed;mwun79c0 german;mwt7reo0 quiet');
  });

  it('are read from the JSON list that earlier versions wrote', () => {
    const text = JSON.stringify([
      ['vip', 'mwt7reo0'],
      ['german', 'mwun79c0'],
    ]);
    expect([...membershipsIn({ segments: text })]).toEqual([
      ['vip', '2026-11-23T12:00:00.000Z'],
      ['german', '2026-11-24T12:00:00.000Z'],
    ]);
    expect(membershipsIn({ segments: '[]' }).size).toBe(0);
  });

  it.each(['', ' vip', '! vip', '[["vip"]]', '[["vip",7]]', '["vip"]', '[', 'mwt7reo0 vip;'])('refuse %j', (text) =>
    expect(() => membershipsIn({ segments: text })).toThrow(),
  );
});
