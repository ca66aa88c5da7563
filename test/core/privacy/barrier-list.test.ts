import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Barrier, stopOf } from '../../../lambdas/core/privacy/barrier.ts';
import {
  BarriersUnreadable,
  barrierIn,
  type Listed,
  noBarriers,
  readBarrierList,
  withListed,
} from '../../../lambdas/core/privacy/barrier-list.ts';
import { numRuns } from '../../fixtures/laws.ts';

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const iso = (at: number): string => new Date(at).toISOString();
const time = fc.integer({ min: noon - 3, max: noon + 3 }).map(iso);
/** Few hashes, so that changes meet, and hashes that differ in one half only. */
const hash = fc.record({
  high: fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1),
  low: fc.constantFrom(0, 7, 2 ** 31, 2 ** 32 - 1),
});
const barrier: fc.Arbitrary<Barrier> = fc.record(
  {
    erased: time,
    suppressed: fc.constant(true as const),
    released: fc.uniqueArray(time, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const listed: fc.Arbitrary<Listed> = fc.record({ hash, barrier: fc.option(barrier, { nil: undefined }) });
const nameOf = (each: Listed['hash']): string => `${each.high} ${each.low}`;

describe('a list of barriers', () => {
  it('stops what the last barrier of each identifier stops, in whichever steps it was made', () => {
    fc.assert(
      fc.property(fc.array(fc.array(listed, { maxLength: 12 }), { maxLength: 5 }), time, (steps, at) => {
        const list = steps.reduce(withListed, noBarriers);
        const known = new Map(steps.flat().map((each) => [nameOf(each.hash), each]));
        for (const each of known.values())
          expect(stopOf(barrierIn(list, each.hash), at)).toBe(stopOf(each.barrier, at));
        const standing = [...known.values()].map(({ barrier: { erased, suppressed } = {} }) => [erased, suppressed]);
        expect(list.size).toBe(standing.flat().filter((part) => part !== undefined).length);
        expect(readBarrierList(list.bytes)).toEqual(list);
        expect(withListed(noBarriers, [...known.values()]).bytes).toEqual(list.bytes);
      }),
      { numRuns: numRuns(300) },
    );
  });

  it('keeps an erasure when the suppression beside it is lifted', () => {
    const one = { high: 5, low: 6 };
    const both = withListed(noBarriers, [{ hash: one, barrier: { erased: iso(noon), suppressed: true } }]);
    expect(barrierIn(both, one)).toEqual({ erased: iso(noon), suppressed: true });
    const lifted = withListed(both, [{ hash: one, barrier: { erased: iso(noon) } }]);
    expect(barrierIn(lifted, one)).toEqual({ erased: iso(noon) });
    expect(withListed(lifted, [{ hash: one, barrier: {} }]).bytes).toEqual(noBarriers.bytes);
  });

  it('takes 16 bytes for each barrier', () =>
    expect(withListed(noBarriers, [{ hash: { high: 1, low: 2 }, barrier: { suppressed: true } }]).bytes).toHaveLength(
      32,
    ));

  it.each([
    { name: 'nothing', bytes: new Uint8Array() },
    { name: 'another format', bytes: new TextEncoder().encode('cdp-barriers-2 \n') },
    { name: 'half a record', bytes: new Uint8Array([...noBarriers.bytes, 1, 2, 3]) },
  ])('refuses $name', ({ bytes }) => expect(() => readBarrierList(bytes)).toThrow(BarriersUnreadable));
});
