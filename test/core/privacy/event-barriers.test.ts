import { describe, expect, it } from 'vitest';
import { noBarriers, withListed } from '../../../lambdas/core/privacy/barrier-list.ts';
import { stopsNothing, stopsOf, stopsRefused } from '../../../lambdas/core/privacy/event-barriers.ts';
import { hashIn } from '../../fakes/memory-barrier-file.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const config = configOf();
const noon = '2026-05-01T12:00:00.000Z';
const late = { timestamp: '2026-05-01T13:00:00.000Z' };
const list = withListed(noBarriers, [
  { hash: hashIn('user_id:ann'), barrier: { suppressed: true } },
  { hash: hashIn('user_id:eve'), barrier: { erased: noon } },
  { hash: hashIn('phone:+12125550123'), barrier: { suppressed: true } },
  { hash: hashIn('group_id:acme'), barrier: { suppressed: true } },
]);
const stops = stopsOf(list, config, hashIn);

describe('an event', () => {
  it.each([
    { name: 'of somebody suppressed', fields: { userId: 'ann', ...late }, stop: 'suppressed' },
    { name: 'of somebody erased, from before', fields: { userId: 'eve' }, stop: 'erased' },
    { name: 'of somebody erased, from afterwards', fields: { userId: 'eve', ...late }, stop: undefined },
    { name: 'of somebody else', fields: { userId: 'bob' }, stop: undefined },
    {
      name: 'of a friend with a stopped phone',
      fields: { type: 'identify', userId: 'bob', traits: { phone: '+1 212 555 0123' } },
      stop: undefined,
    },
    {
      name: 'of a stopped phone in the form of its source’s country',
      fields: { type: 'identify', anonymousId: 'a', traits: { phone: '(212) 555-0123' } },
      stop: 'suppressed',
    },
    { name: 'of an account with a person’s name', fields: { type: 'group', groupId: 'acme' }, stop: undefined },
    { name: 'that names nobody', fields: {}, stop: undefined },
  ])('$name', ({ fields, stop }) => expect(stops(eventOf(fields))).toBe(stop));

  it('is not looked at while nobody has a barrier', () =>
    expect(stopsOf(noBarriers, config, hashIn)).toBe(stopsNothing));
});

describe('what is refused', () => {
  const received = { sourceId: 'shop', receivedAt: '2026-05-01T14:00:00.000Z' };
  it.each([
    { name: 'is dropped if it names somebody suppressed', item: { type: 'track', userId: 'ann' }, stopped: true },
    { name: 'is dropped by its own time', item: { userId: 'eve', timestamp: noon }, stopped: true },
    { name: 'counts as received now without a time', item: { userId: 'eve', timestamp: 'x' }, stopped: false },
    { name: 'stays if it names somebody else', item: { userId: 'bob' }, stopped: false },
    { name: 'stays if nobody can read whom it names', item: 'userId=ann', stopped: false },
    { name: 'is read whatever its fields hold', item: { userId: 'ann', context: 7, traits: [] }, stopped: true },
  ])('$name', ({ item, stopped }) => expect(stopsRefused(item, received, stops)).toBe(stopped));
});
