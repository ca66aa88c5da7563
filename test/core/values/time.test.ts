import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatInstant, parseInstant } from '../../../lambdas/core/values/time.ts';

it.each([
  { name: 'JavaScript', text: '2026-11-23T12:00:00.123Z', utc: '2026-11-23T12:00:00.123Z' },
  { name: "Python's isoformat", text: '2026-11-23T12:00:00.123456+00:00', utc: '2026-11-23T12:00:00.123Z' },
  { name: "Python's isoformat on a full second", text: '2026-11-23T12:00:00+00:00', utc: '2026-11-23T12:00:00.000Z' },
  { name: "Go's RFC3339Nano", text: '2026-11-23T12:00:00.123456789Z', utc: '2026-11-23T12:00:00.123Z' },
  { name: 'an offset', text: '2026-11-23T13:30:00.5+01:30', utc: '2026-11-23T12:00:00.500Z' },
  { name: 'an offset without a colon', text: '2026-11-23T10:00:00-0200', utc: '2026-11-23T12:00:00.000Z' },
  { name: 'an offset of hours', text: '2026-11-23T14:00:00+02', utc: '2026-11-23T12:00:00.000Z' },
  { name: 'a space for T', text: '2026-11-23 12:00:00', utc: '2026-11-23T12:00:00.000Z' },
  { name: 'no offset, which is UTC', text: '2026-11-23T12:00', utc: '2026-11-23T12:00:00.000Z' },
  { name: 'a date', text: '2026-11-23', utc: '2026-11-23T00:00:00.000Z' },
  { name: "Go's zero time", text: '0001-01-01T00:00:00Z', utc: '0001-01-01T00:00:00.000Z' },
])('reads $name', ({ text, utc }) => {
  expect(formatInstant(parseInstant(text) ?? Number.NaN)).toBe(utc);
});

it.each([
  '',
  'now',
  '12:00',
  '2026',
  '1795435200000',
  '2026-13-01',
  '2026-11-23T25:00:00Z',
  '23/11/2026',
  '2026-11-23T12:00:00Z!',
  '0000-01-01',
  '9999-12-31T23:59:59-01:00',
])('does not read "%s"', (text) => expect(parseInstant(text)).toBeUndefined());

it('reads what it writes', () => {
  const years = {
    min: new Date('0001-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(years), (date) => {
      expect(parseInstant(formatInstant(date.getTime()))).toBe(date.getTime());
    }),
  );
});
