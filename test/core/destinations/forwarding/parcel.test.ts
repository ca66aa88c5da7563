import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parcelLimits,
  parcelsOf,
  readParcel,
  type Tries,
} from '../../../../lambdas/core/destinations/forwarding/parcel.ts';
import { utf8Bytes } from '../../../../lambdas/core/events/stream-record.ts';
import { numRuns } from '../../../fixtures/laws.ts';

const tries: Tries = { tries: 2, queued: 1, firstTried: 2, notBefore: 3 };
const lines = fc.array(
  fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 30 }), times: fc.integer({ min: 0, max: 2_000 }) }),
  { maxLength: 200 },
);

describe('parcels', () => {
  it('hold every event once and in order, within the limits', () =>
    fc.assert(
      fc.property(lines, fc.option(fc.constant(tries), { nil: undefined }), (drawn, again) => {
        const events = drawn.map(({ text, times }) => ({ text: text.repeat(times) }));
        const parcels = parcelsOf(
          events.map((event) => JSON.stringify(event)),
          again,
        );
        const read = parcels.map(readParcel);
        expect(read.flatMap((parcel) => parcel?.events)).toEqual(events);
        for (const parcel of read) expect(parcel?.tries).toEqual(again);
        for (const [n, body] of parcels.entries()) {
          const inIt = read[n]?.events.length ?? 0;
          expect(inIt).toBeLessThanOrEqual(parcelLimits.events);
          if (inIt > 1) expect(utf8Bytes(body)).toBeLessThanOrEqual(parcelLimits.bytes);
        }
      }),
      { numRuns: numRuns(200) },
    ));

  it('are as few as the limits allow', () => {
    expect(parcelsOf(Array.from({ length: 121 }, () => '{}'))).toHaveLength(3);
    expect(parcelsOf([])).toEqual([]);
    const kilobyte = JSON.stringify('x'.repeat(1021));
    expect(parcelsOf(Array.from({ length: 60 }, () => kilobyte))).toHaveLength(1);
  });

  it('keep the digits of numbers', () => {
    const [body = ''] = parcelsOf(['{"total":1.50,"id":12345678901234567890}']);
    expect(JSON.stringify(readParcel(body)?.events)).toBe('[{"total":1.50,"id":12345678901234567890}]');
  });

  it.each(['', 'no JSON', '{"detail":{}}', '{"forwarded":{}}', '{"forwarded":{"events":[]}}', '[]'])(
    'are not read in %s',
    (body) => expect(readParcel(body)).toBeUndefined(),
  );
});
