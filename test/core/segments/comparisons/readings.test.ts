import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../lambdas/core/segments/comparisons/comparison.ts';
import { fulfils } from '../../../../lambdas/core/segments/comparisons/fulfils.ts';
import { amountOf } from '../../../../lambdas/core/segments/comparisons/reading.ts';
import { beginningOfUnit, isZone } from '../../../../lambdas/core/segments/comparisons/zone.ts';
import { trait } from '../../../../lambdas/core/segments/language/people.ts';
import { readJson } from '../../../../lambdas/core/values/json.ts';
import { numRuns } from '../../../fixtures/laws.ts';

const it_ = trait('it');
const sent = (text: string): unknown => (readJson(`[${text}]`) as unknown[])[0];

describe('a comparison', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['a number with a number', it_.equals(250), 250, true],
    ['a number in a text', it_.equals(250), '250', true],
    ['one with space and zeros', it_.equals(2.5), ' 2.50 ', true],
    ['one with a sign', it_.equals(5), '+5', true],
    ['a number with letters', it_.equals(250), '250 €', false],
    ['a number to the last digit', it_.equals(9007199254740992), sent('9007199254740993'), false],
    ['a text with a number', it_.equals('250'), 250, false],
    ['a text with the same text', it_.equals('red'), 'red', true],
    ['a text in other letters', it_.equals('red'), 'Red', false],
    ['a boolean in a text', it_.equals(true), 'true', true],
    ['one in capitals', it_.equals(false), ' FALSE ', true],
    ['a boolean with 1', it_.equals(true), 1, false],
    ['an item of a list', it_.equals('red'), ['blue', 'red'], true],
    ['an item of a list in a list', it_.anyOf('red'), [['red']], true],
    ['a list that has none', it_.equals('red'), ['blue'], false],
    ['another value', it_.notEquals('red'), 'blue', true],
    ['another than missing', it_.notEquals('red'), undefined, false],
    ['another than an item', it_.notEquals('red'), ['blue', 'red'], false],
    ['none of these', it_.noneOf('red', 2), 'blue', true],
    ['none of these, in a text', it_.noneOf('red', 2), '2', false],
    ['none of these is missing', it_.noneOf('red'), null, false],
    ['above, in a text', it_.greaterThan(9), '10', true],
    ['at the bound', it_.greaterThan(9), 9, false],
    ['in a range, at its ends', it_.between(1, 2), 2, true],
    ['outside a range', it_.between(1, 2), 2.0001, false],
    ['a part of a text', it_.contains('ed'), 'red', true],
    ['an item of a list as a whole', it_.contains('red'), ['red'], true],
    ['a part of an item', it_.contains('ed'), ['red'], false],
    ['a number in a list', it_.contains(2), ['2'], true],
    ['a text that begins so', it_.startsWith('r'), 'red', true],
    ['a number that begins so', it_.startsWith('2'), 25, false],
    ['a text that ends so', it_.endsWith('d'), 'red', true],
    ['a blank text is nothing', it_.exists(), ' \t', false],
    ['nor is a list of nothing', it_.exists(), [null, '', []], false],
    ['0 is something', it_.exists(), 0, true],
    ['false is something', it_.exists(), false, true],
    ['an object is something', it_.exists(), {}, true],
    ['nothing is missing', it_.missing(), null, true],
    ['a date before', it_.before('2026-03-01'), '2026-02-28', true],
    ['a time of a zone', it_.before('2026-03-01'), '2026-02-28T23:30:00Z', false],
    ['a date after, in seconds', it_.after('2026-03-01'), 1_800_000_000, true],
    ['no date after', it_.after('2026-03-01'), 'later', false],
  ])('%s', (_name, comparison, value, truth) =>
    expect(fulfils(comparison as Comparison, value, 'Europe/Berlin')).toBe(truth),
  );
});

describe('an amount', () => {
  it.each<[unknown, bigint | undefined]>([
    [12.5, 12_500_000n],
    ['12.50', 12_500_000n],
    [0.1 + 0.2, 300_000n],
    ['-0.0000005', -1n],
    ['0.0000004999', 0n],
    ['1e3', 1_000_000_000n],
    [1e15, 10n ** 21n],
    ['1000000000000000.000001', undefined],
    [1e300, undefined],
    ['0e999', 0n],
    ['1e-999', 0n],
    ['.5', 500_000n],
    ['5.', 5_000_000n],
    ['', undefined],
    ['.', undefined],
    ['1,5', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
    [true, undefined],
    [null, undefined],
    [sent('12.345678901234567890123'), 12_345_679n],
  ])('of %j is %s', (value, amount) => expect(amountOf(value)).toBe(amount));

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

describe('a day of the calendar', () => {
  it.each([...Intl.supportedValuesOf('timeZone'), 'UTC'])('begins at a whole quarter of an hour in %s', (zone) => {
    const starts = Array.from({ length: 26 }, (_, n) =>
      beginningOfUnit(Date.UTC(1980 + n * 2, n % 12, 15), zone, 'month', 0),
    );
    expect(starts.filter((at) => at >= Date.UTC(1980, 0, 1) && at % 900_000 !== 0)).toEqual([]);
  });
});
