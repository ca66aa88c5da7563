import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stamp } from '../../../lambdas/core/events/arrival.ts';
import { ClientCall, Event } from '../../../lambdas/core/events/event.ts';
import { correctTime } from '../../../lambdas/core/events/event-time.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00.000Z');
const arrival = { sourceId: 'web', receivedAt, newId: () => 'made' };
const stamped = (fields: object): Event =>
  stamp(ClientCall.parse({ type: 'track', event: 'x', userId: 'u', ...fields }), arrival);

describe('when it happened', () => {
  it.each([
    {
      name: 'a clock that is right: as given',
      timestamp: '2026-11-23T11:00:00Z',
      sentAt: '2026-11-23T12:00:00Z',
      expected: '2026-11-23T11:00:00.000Z',
    },
    {
      name: 'a clock an hour fast: an hour earlier',
      timestamp: '2026-11-23T12:30:00Z',
      sentAt: '2026-11-23T13:00:00Z',
      expected: '2026-11-23T11:30:00.000Z',
    },
    {
      name: 'a clock never set: by the distance to sentAt',
      timestamp: '1970-01-01T00:05:00Z',
      sentAt: '1970-01-01T00:06:00Z',
      expected: '2026-11-23T11:59:00.000Z',
    },
    {
      name: 'history sent now: as given',
      timestamp: '2015-01-01T00:00:00Z',
      sentAt: '2026-11-23T12:00:00Z',
      expected: '2015-01-01T00:00:00.000Z',
    },
    {
      name: 'a little ahead of sentAt: when it arrived',
      timestamp: '2026-11-23T12:00:05Z',
      sentAt: '2026-11-23T12:00:00Z',
      expected: '2026-11-23T12:00:00.000Z',
    },
    {
      name: 'no sentAt: as given, in UTC',
      timestamp: '2026-11-23T13:00:00+02:00',
      sentAt: undefined,
      expected: '2026-11-23T11:00:00.000Z',
    },
    {
      name: 'a sentAt nobody can read: as given',
      timestamp: '2026-11-23T11:00:00Z',
      sentAt: 'soon',
      expected: '2026-11-23T11:00:00.000Z',
    },
    {
      name: "Go's zero sentAt: as given",
      timestamp: '2026-11-23T11:00:00Z',
      sentAt: '0001-01-01T00:00:00Z',
      expected: '2026-11-23T11:00:00.000Z',
    },
    {
      name: 'a sentAt in the year 9000: as given',
      timestamp: '2026-11-23T11:00:00Z',
      sentAt: '9000-01-01T00:00:00Z',
      expected: '2026-11-23T11:00:00.000Z',
    },
    {
      name: 'no timestamp: when it arrived',
      timestamp: undefined,
      sentAt: '2026-11-23T10:00:00Z',
      expected: '2026-11-23T12:00:00.000Z',
    },
  ])('$name', ({ timestamp, sentAt, expected }) => {
    expect(stamped({ timestamp, sentAt })).toMatchObject({
      timestamp: expected,
      ...(timestamp !== undefined && { originalTimestamp: timestamp }),
    });
  });

  const days = fc.integer({ min: 0, max: 300 * 86_400_000 });
  it('is arrival less the time it lay at the client, whatever that clock says', () =>
    fc.assert(
      fc.property(days, fc.integer({ min: -50 * 365 * 86_400_000, max: 100 * 365 * 86_400_000 }), (lay, skew) => {
        const happened = receivedAt - lay;
        expect(correctTime(happened + skew, receivedAt + skew, receivedAt)).toBe(happened);
      }),
    ));

  it("takes RudderStack's originalTimestamp where there is no timestamp", () => {
    expect(stamped({ originalTimestamp: '2026-11-23T11:00:00Z', sentAt: '2026-11-23T12:00:10Z' })).toMatchObject({
      timestamp: '2026-11-23T10:59:50.000Z',
      originalTimestamp: '2026-11-23T11:00:00Z',
    });
  });
});

it('overwrites what only the platform can say, and keeps no write key', () => {
  const event = stamped({
    receivedAt: '1999-01-01T00:00:00Z',
    sourceId: 'other',
    writeKey: 'secret',
    replayed: 'raw',
    channel: 'server',
    extra: [1],
  });
  expect(event).toMatchObject({
    receivedAt: '2026-11-23T12:00:00.000Z',
    sourceId: 'web',
    messageId: 'made',
    channel: 'server',
    extra: [1],
  });
  expect(JSON.stringify(event)).not.toMatch(/secret|replayed/);
});

it('keeps the messageId it is given', () => expect(stamped({ messageId: 'm1' }).messageId).toBe('m1'));

it('makes what readers of the stream accept', () => {
  const event = stamped({ timestamp: '2026-11-23 11:00:00', messageId: 7, context: { a: 1 } });
  expect(Event.parse(JSON.parse(JSON.stringify(event)))).toEqual(JSON.parse(JSON.stringify(event)));
});

describe('consent', () => {
  const read = (consent: unknown, more: object = {}) => {
    const call = ClientCall.parse({ type: 'track', event: 'x', userId: 'u', context: { consent } });
    return stamp(call, { ...arrival, ...more }).context?.consent;
  };
  const signalsOf = (consent: unknown) =>
    (consent as { tcf?: unknown }).tcf === undefined ? undefined : { 'tcf:2': true };

  it.each([
    { name: 'has what its strings say', consent: { tcf: '…' }, expected: { tcf: '…', signals: { 'tcf:2': true } } },
    {
      name: 'has not what a client claims that they say',
      consent: { tcf: '…', signals: { 'tcf:2': false } },
      expected: { tcf: '…', signals: { 'tcf:2': true } },
    },
    { name: 'has not what a client claims without any', consent: { signals: { 'tcf:2': true } }, expected: {} },
    { name: 'that is no object stays', consent: 'yes', expected: 'yes' },
    { name: 'that is not there stays so', consent: undefined, expected: undefined },
  ])('$name', ({ consent, expected }) => expect(read(consent, { signalsOf })).toEqual(expected));

  it('keeps all beside what the browser asks', () =>
    expect(read({ tcf: '…' }, { signalsOf, gpc: true })).toEqual({ tcf: '…', signals: { 'tcf:2': true }, gpc: true }));

  it('is as it was sent where nobody reads strings', () =>
    expect(read({ tcf: '…', signals: { a: 1 } })).toEqual({ tcf: '…', signals: { a: 1 } }));
});
