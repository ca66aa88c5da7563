import { expect, it } from 'vitest';
import { Event } from '../../../lambdas/core/events/event.ts';
import { isReplayLine, replayLine } from '../../../lambdas/core/replay/line.ts';
import { eventOf } from '../../fixtures/events.ts';

it.each(['raw', 'quarantine'] as const)(
  'a line sent again from %s says so first, and is otherwise the line that it was',
  (zone) => {
    const event = eventOf({ userId: 'ann', messageId: 'm' });
    const line = replayLine(JSON.stringify(event), zone);
    expect(line).toBe(`{"replayed":"${zone}",${JSON.stringify(event).slice(1)}`);
    expect(Event.parse(JSON.parse(line))).toEqual({ ...event, replayed: zone });
    expect([isReplayLine(line), isReplayLine(JSON.stringify(event))]).toEqual([true, false]);
    expect(replayLine(line, 'raw')).toBe(replayLine(JSON.stringify(event), 'raw'));
  },
);

it('a word that the platform does not know is no replay', () =>
  expect(Event.parse({ ...eventOf({ userId: 'ann' }), replayed: true }).replayed).toBeUndefined());
