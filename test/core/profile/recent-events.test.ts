import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  joinRecent,
  type RecentEvent,
  recentEvents,
  recentOf,
  withRecent,
} from '../../../lambdas/core/profile/recent-events.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const event = fc
  .record({ messageId: fc.integer({ min: 0, max: 30 }).map(String), at: fc.integer({ min: 0, max: 20 }) })
  .map(
    ({ messageId, at }): RecentEvent => ({
      type: 'track',
      name: 'Seen',
      timestamp: minute(at),
      messageId,
      sourceId: 'shop',
    }),
  );

it('takes in one event as it joins a list of one, and keeps the newest', () =>
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let recent: readonly RecentEvent[] = [];
      for (const one of events) {
        const joined = joinRecent(recent, [one]);
        recent = withRecent(recent, one);
        expect(recent).toEqual(joined);
        expect(recent.length).toBeLessThanOrEqual(recentEvents);
      }
    }),
  ));

const claims = fc
  .record({
    messageId: fc.constantFrom('m1', 'm2', 'm3'),
    at: fc.integer({ min: 0, max: 3 }),
    name: fc.constantFrom('Seen', 'Bought'),
  })
  .map(
    ({ messageId, at, name }): RecentEvent => ({
      type: 'track',
      name,
      timestamp: minute(at),
      messageId,
      sourceId: 'shop',
    }),
  );
const remembered = fc.array(fc.oneof(event, claims), { maxLength: 15 }).map((events) => joinRecent(events, []));

it('is a join, also where one message id comes with several times or names', () =>
  fc.assert(
    fc.property(remembered, remembered, remembered, (a, b, c) => {
      expect(joinRecent(a, b)).toEqual(joinRecent(b, a));
      expect(joinRecent(joinRecent(a, b), c)).toEqual(joinRecent(a, joinRecent(b, c)));
      expect(joinRecent(a, a)).toEqual(a);
    }),
  ));

it.each([
  { event: { event: 'Order Completed', name: 'no' }, name: 'Order Completed' },
  { event: { type: 'page', name: 'Home' }, name: 'Home' },
  { event: { type: 'screen', name: 'Start' }, name: 'Start' },
  { event: { type: 'page' }, name: '' },
  { event: { type: 'identify', name: 'Ann', traits: {} }, name: '' },
  { event: { event: 'x'.repeat(61) }, name: 'x'.repeat(60) },
])('calls $event "$name"', ({ event, name }) => {
  const stated = eventOf({ messageId: 'm1', timestamp: minute(1), ...event });
  expect(recentOf(stated)).toEqual({
    type: stated.type,
    name,
    timestamp: minute(1),
    messageId: 'm1',
    sourceId: 'shop',
  });
});

it('keeps the newest first, of one instant the greater message first, each once', () => {
  const [old, low, high] = [
    eventOf({ messageId: 'm9', timestamp: minute(1) }),
    eventOf({ messageId: 'm1', timestamp: minute(2) }),
    eventOf({ messageId: 'm2', timestamp: minute(2) }),
  ].map(recentOf) as [ReturnType<typeof recentOf>, ReturnType<typeof recentOf>, ReturnType<typeof recentOf>];
  for (const [a, b] of [
    [[old, low], [high]],
    [[high], [low, old]],
    [
      [high, low],
      [old, low],
    ],
  ] as const)
    expect(joinRecent(a, b).map(({ messageId }) => messageId)).toEqual(['m2', 'm1', 'm9']);
});

it('keeps no more than it says', () => {
  const many = Array.from({ length: 2 * recentEvents }, (_, n) => recentOf(eventOf({ timestamp: minute(n) })));
  expect(joinRecent(many, [])).toEqual(many.slice(recentEvents).reverse());
});
