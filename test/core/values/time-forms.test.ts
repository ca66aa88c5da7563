import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../lambdas/core/values/json.ts';
import { formatInstant } from '../../../lambdas/core/values/time.ts';
import { readTime } from '../../../lambdas/core/values/time-forms.ts';
import { numRuns } from '../../fixtures/laws.ts';

const noon = '2026-01-31T12:00:00.000Z';

describe('a time', () => {
  it.each<[string, unknown, string]>([
    ["of Segment's own example", '2015-2-02T00:30:08.276Z', '2015-02-02T00:30:08.276Z'],
    ['with single digits', '2026-1-3T4:5:6Z', '2026-01-03T04:05:06.000Z'],
    ['with slashes', '2026/01/31 12:00:00', noon],
    ['with a comma before its fraction', '2026-01-31T12:00:00,000Z', noon],
    ['with more digits than a clock has', '2026-01-31T12:00:00.000999999999Z', noon],
    ['with spaces around and within', ' 2026-01-31 T 12:00:00 Z ', noon],
    ['in small letters', '2026-01-31t12:00:00z', noon],
    ['with UTC behind it', '2026-01-31 12:00:00 UTC', noon],
    ['with an offset and UTC, as Go writes it', '2026-01-31 12:00:00.000000001 +0000 UTC', noon],
    ['with the name of its zone, as Java writes it', '2026-01-31T13:00:00+01:00[Europe/Berlin]', noon],
    ['with an offset of hours', '2026-01-31T04:00:00 -8', noon],
    ['with an offset of half an hour', '2026-01-31T17:30:00+05:30', noon],
    ['without separators', '20260131T120000Z', noon],
    ['without separators and seconds', '20260131T1200+0000', noon],
    ['that is a day', '2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['that is a day without separators', '20260131', '2026-01-31T00:00:00.000Z'],
    ['of HTTP, RFC 1123', 'Sat, 31 Jan 2026 12:00:00 GMT', noon],
    ['of mail, RFC 2822', 'Sat, 31 Jan 2026 13:00 +0100', noon],
    ['of mail in a zone with a name', '31 Jan 2026 07:00:00 EST', noon],
    ["of JavaScript's toString", 'Sat Jan 31 2026 13:00:00 GMT+0100 (Central European Standard Time)', noon],
    ['in milliseconds', 1769860800000, noon],
    ['in milliseconds as text', '1769860800000', noon],
    ['in seconds', 1769860800, noon],
    ['in seconds with a fraction', 1769860800.5, '2026-01-31T12:00:00.500Z'],
    ['in seconds as text', '1769860800.25', '2026-01-31T12:00:00.250Z'],
    ['in microseconds', 1769860800000999, noon],
    ['in nanoseconds', (readJson('[1769860800000000123]') as unknown[])[0], noon],
    ['of a leap second: the next', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['of the end of a day: the next', '2026-01-31T24:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['of the 29th of February', '2024-2-29', '2024-02-29T00:00:00.000Z'],
    ['of the year 1', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['of days that the calendar left out', '1582-10-10T00:00:00Z', '1582-10-10T00:00:00.000Z'],
    ['of the year 9999', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is read', (_name, given, utc) => expect(formatInstant(readTime(given) ?? Number.NaN)).toBe(utc));

  it.each<unknown>([
    ...['', ' ', 'now', 'yesterday', '12:00', '2026', '2026-01', '31/01/2026', '01/31/2026 12:00', '2026-01/31'],
    ...[
      '2026-02-30',
      '2026-02-30T12:00:00.000Z',
      '2026-2-30',
      '2023-02-29T00:00:00Z',
      '2026-04-31',
      '2026-00-10',
      '2026-13-01',
      '2026-01-00',
      '2026-01-32',
    ],
    ...[
      '2026-01-31T25:00:00Z',
      '2026-01-31T24:00:01Z',
      '2026-01-31T12:60:00Z',
      '2026-01-31T12:00:61Z',
      '2026-01-31T12:00:00+25:00',
      '2026-01-31T12:00:00+01:60',
    ],
    ...[
      '0000-01-01',
      '10000-01-01T00:00:00Z',
      '9999-12-31T23:59:59-01:00',
      '-2026-01-31',
      '2026-01-31T12:00:00Z!',
      'Sat, 31 Foo 2026 12:00:00 GMT',
      '30 Feb 2026 12:00:00 GMT',
    ],
    ...[
      0,
      1,
      -1769860800000,
      20_260_131,
      20_260_131_120_000,
      1e300,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '0',
      '-1',
      '1e12',
      '9'.repeat(99),
    ],
    ...[null, true, undefined, {}, [], [noon], { $date: noon }],
  ])('is not %j', (given) => expect(readTime(given)).toBeUndefined());

  it('is read back in every form that it is written in', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1973-03-04'), max: new Date('2286-11-20'), noInvalidDate: true }),
        (date) => {
          const [at, iso] = [date.getTime(), date.toISOString()];
          const seconds = Math.floor(at / 1000);
          for (const form of [
            iso,
            iso.replace('T', ' ').replace('Z', ' +0000'),
            iso.replaceAll(/[-:]/g, ''),
            at,
            String(at),
            at * 1000,
          ])
            expect(readTime(form)).toBe(at);
          for (const form of [date.toUTCString(), String(date), seconds, String(seconds)])
            expect(readTime(form)).toBe(seconds * 1000);
        },
      ),
    ));

  it('is none or one of the years 1 to 9999, whatever is sent', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.stringMatching(/^[\d:TZ.,+/ a-z-]{0,40}$/), fc.double(), fc.json().map(readJson)),
        (given) => {
          const instant = readTime(given);
          if (instant !== undefined)
            expect(formatInstant(instant)).toMatch(/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        },
      ),
      { numRuns: numRuns(2_000) },
    ));
});
