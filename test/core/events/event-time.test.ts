import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Event } from '../../../lambdas/core/events/event.ts';
import { correctTime, happenedAt } from '../../../lambdas/core/events/event-time.ts';
import { formatInstant } from '../../../lambdas/core/values/time.ts';
import { eventOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00.000Z');
const at = (happened: { readonly at: number }) => formatInstant(happened.at);
const [good, bad] = ['2026-11-23T11:00:00Z', '2026-02-30T11:00:00Z'];
const received = '2026-11-23T12:00:00.000Z';

describe('when an event happened', () => {
  it.each([
    {
      name: 'years ahead: when it arrived',
      times: { timestamp: '2031-01-01T00:00:00Z' },
      expected: received,
      given: '2031-01-01T00:00:00Z',
    },
    {
      name: 'a second ahead: when it arrived',
      times: { timestamp: '2026-11-23T12:00:01Z' },
      expected: received,
      given: '2026-11-23T12:00:01Z',
    },
    {
      name: 'years ahead of a clock that is right',
      times: { timestamp: '2031-01-01', sentAt: good },
      expected: received,
      given: '2031-01-01',
    },
    {
      name: 'a good time beside a bad original',
      times: { timestamp: good, originalTimestamp: bad },
      expected: '2026-11-23T11:00:00.000Z',
      given: good,
    },
    {
      name: 'a bad time beside a good original',
      times: { timestamp: bad, originalTimestamp: good },
      expected: '2026-11-23T11:00:00.000Z',
      given: good,
      unread: { field: 'timestamp', instead: 'originalTimestamp' },
    },
    {
      name: 'a good time beside a bad sentAt',
      times: { timestamp: good, sentAt: bad },
      expected: '2026-11-23T11:00:00.000Z',
      given: good,
    },
    {
      name: 'a good time beside a sentAt that is no text',
      times: { timestamp: good, sentAt: {} },
      expected: '2026-11-23T11:00:00.000Z',
      given: good,
    },
    {
      name: 'milliseconds',
      times: { timestamp: 1_795_431_600_000 },
      expected: '2026-11-23T11:00:00.000Z',
      given: '1795431600000',
    },
    {
      name: 'a sentAt in milliseconds',
      times: { timestamp: good, sentAt: receivedAt - 1000 },
      expected: '2026-11-23T11:00:01.000Z',
      given: good,
    },
    { name: 'no time at all', times: {}, expected: received, given: undefined },
    {
      name: 'a day that is none',
      times: { timestamp: bad },
      expected: received,
      given: bad,
      unread: { field: 'timestamp' },
    },
    {
      name: 'two bad times',
      times: { timestamp: bad, originalTimestamp: 'x' },
      expected: received,
      given: bad,
      unread: { field: 'timestamp' },
    },
    {
      name: 'a bad original',
      times: { originalTimestamp: 'x' },
      expected: received,
      given: 'x',
      unread: { field: 'originalTimestamp' },
    },
    {
      name: 'an object',
      times: { timestamp: { $date: good } },
      expected: received,
      given: `{"$date":"${good}"}`,
      unread: { field: 'timestamp' },
    },
  ])('$name', ({ name: _name, times, expected, ...rest }) => {
    const happened = happenedAt(times, receivedAt);
    expect({ unread: undefined, ...happened, at: at(happened) }).toEqual({ unread: undefined, ...rest, at: expected });
  });

  const anything = fc.oneof(
    fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.integer({ min: 0, max: 4e12 }),
    fc.string(),
    fc.constantFrom(undefined, null, '2026-02-30', '9999-12-31T24:00:00Z', {}, []),
  );
  const receipt = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2040-01-01') });

  it('is never later than its receipt, and ISO 8601 in UTC with milliseconds, whatever is given', () =>
    fc.assert(
      fc.property(anything, anything, anything, receipt, (timestamp, originalTimestamp, sentAt, receivedAt) => {
        const happened = happenedAt({ timestamp, originalTimestamp, sentAt }, receivedAt);
        expect(happened.at).toBeLessThanOrEqual(receivedAt);
        expect(formatInstant(happened.at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
      { numRuns: numRuns(5_000) },
    ));

  const instant = fc.integer({ min: 0, max: 4e12 });
  it('keeps the order in which a clock counted, up to when it was sent', () =>
    fc.assert(
      fc.property(instant, instant, instant, receipt, (a, b, sent, receivedAt) => {
        // What would come before 1970 shows that sentAt is wrong.
        const within = (time: number) => Math.max(Math.min(time, sent), sent - receivedAt);
        const [early, late] = [within(Math.min(a, b)), within(Math.max(a, b))];
        for (const one of [sent, undefined])
          expect(correctTime(early, one, receivedAt)).toBeLessThanOrEqual(correctTime(late, one, receivedAt));
      }),
    ));
});

describe('an event that is read again', () => {
  it.each([
    ['2031-01-01T00:00:00.000Z', '2026-05-01T10:00:01.000Z'],
    ['2026-05-01T10:00:01.001Z', '2026-05-01T10:00:01.000Z'],
    ['2026-05-01T10:00:01Z', '2026-05-01T10:00:01Z'],
    ['2026-05-01T10:00:02Z', '2026-05-01T10:00:01.000Z'],
    ['2026-05-01T10:00:00.000Z', '2026-05-01T10:00:00.000Z'],
  ])('said to be of %s is of %s', (timestamp, expected) =>
    expect(Event.parse(eventOf({ userId: 'u', timestamp, originalTimestamp: timestamp }))).toMatchObject({
      timestamp: expected,
      originalTimestamp: timestamp,
    }),
  );
});
