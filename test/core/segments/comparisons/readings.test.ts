import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Comparison } from '../../../../lambdas/core/segments/comparisons/comparison.ts';
import { fulfils } from '../../../../lambdas/core/segments/comparisons/fulfils.ts';
import { amountOf } from '../../../../lambdas/core/segments/comparisons/reading.ts';
import { beginningOfUnit, isZone } from '../../../../lambdas/core/segments/comparisons/zone.ts';
import { readJson } from '../../../../lambdas/core/values/json.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { sharedCases } from '../../../fixtures/shared-rules.ts';

const sent = (text: string): unknown => (readJson(`[${text}]`) as unknown[])[0];

interface Compared {
  readonly comparison: Comparison;
  /** As it was sent, in JSON. */
  readonly value: string;
  readonly zone: string;
}

it.each(sharedCases<Compared, boolean>('segments/comparisons'))(
  'a comparison: $name',
  ({ input: { comparison, value, zone }, expected }) => expect(fulfils(comparison, sent(value), zone)).toBe(expected),
);

describe('an amount', () => {
  it.each(sharedCases<string, string | null>('segments/amounts'))('$name', ({ input, expected }) =>
    expect(amountOf(sent(input))?.toString() ?? null).toBe(expected),
  );

  it('of cents has a sum that no order changes', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (cents) => {
        const sum = cents.reduce((all, one) => all + (amountOf(one / 100) ?? 0n), 0n);
        expect(sum).toBe(BigInt(cents.reduce((a, b) => a + b, 0)) * 10_000n);
      }),
      { numRuns: numRuns(500), seed: 18 },
    ));
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Etc/GMT+5', true],
  ['+02:00', false],
  ['Mars/Base', false],
  ['', false],
  [null, false],
])('%j is a zone: %s', (zone, truth) => expect(isZone(zone)).toBe(truth));

it('asks the engine once about a zone, as long as a thousand others have not been asked about', () => {
  const formatters = vi.spyOn(Intl, 'DateTimeFormat');
  const asked = (zone: string, truth: boolean): number => {
    formatters.mockClear();
    for (let n = 0; n < 5; n++) expect(isZone(zone)).toBe(truth);
    return formatters.mock.calls.length;
  };
  expect([asked('Asia/Tokyo', true), asked('Asia/Tokyo', true)]).toEqual([1, 0]);
  expect([asked('Asia/Nowhere', false), asked('Asia/Nowhere', false), asked('Z'.repeat(65), false)]).toEqual([1, 0, 0]);
  for (let n = 0; n < 1000; n++) isZone(`Nowhere/n${n}`);
  expect(asked('Asia/Tokyo', true)).toBe(1);
  formatters.mockRestore();
});

describe('a day of the calendar', () => {
  it.each([...Intl.supportedValuesOf('timeZone'), 'UTC'])('begins at a whole quarter of an hour in %s', (zone) => {
    const starts = Array.from({ length: 26 }, (_, n) =>
      beginningOfUnit(Date.UTC(1980 + n * 2, n % 12, 15), zone, 'month', 0),
    );
    expect(starts.filter((at) => at >= Date.UTC(1980, 0, 1) && at % 900_000 !== 0)).toEqual([]);
  });
});
