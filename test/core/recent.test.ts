import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinRecent, type RecentEvent, recentEvents, withRecent } from '../../lambdas/core/recent.ts';
import { minute } from '../fixtures/events.ts';

const event = fc
  .record({ messageId: fc.integer({ min: 0, max: 30 }).map(String), at: fc.integer({ min: 0, max: 20 }) })
  .map(({ messageId, at }): RecentEvent => ({ type: 'track', name: 'Seen', timestamp: minute(at), messageId, sourceId: 'shop' }));

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
