import { describe, expect, it } from 'vitest';
import { ClientCall, Event, limits } from '../../lambdas/core/event.ts';

const track = { type: 'track', event: 'x', userId: 'u' };
const problemOf = (call: unknown): string | undefined => {
  const issue = ClientCall.safeParse(call).error?.issues[0];
  return issue && `${issue.path.join('.')} ${issue.message}`;
};
const text = (length: number): string => 'x'.repeat(length);

describe('a call of a client', () => {
  it.each([
    { call: { ...track, type: 'trak' }, problem: 'type must be one of track, identify, page, screen, group, alias' },
    { call: { event: 'x', userId: 'u' }, problem: 'type must be one of track, identify, page, screen, group, alias' },
    { call: { ...track, userId: undefined }, problem: 'userId supply userId or anonymousId' },
    { call: { ...track, userId: null, anonymousId: '' }, problem: 'userId supply userId or anonymousId' },
    { call: { ...track, userId: true }, problem: 'userId must be a string or a number' },
    { call: { ...track, anonymousId: text(501) }, problem: 'anonymousId is longer than 500 characters' },
    { call: { ...track, userId: '\ud83d' }, problem: 'userId is not well-formed Unicode' },
    { call: { ...track, messageId: text(101) }, problem: 'messageId is longer than 100 characters' },
    { call: { ...track, event: undefined }, problem: 'event required for a track call, as a string' },
    { call: { ...track, event: '' }, problem: 'event must not be empty' },
    { call: { ...track, event: text(1001) }, problem: 'event is longer than 1000 characters' },
    { call: { ...track, properties: [1] }, problem: 'properties must be an object' },
    { call: { ...track, properties: 'x' }, problem: 'properties must be an object' },
    { call: { ...track, context: 7 }, problem: 'context must be an object' },
    { call: { ...track, integrations: [0] }, problem: 'integrations must be an object' },
    { call: { type: 'page', userId: 'u', name: 7 }, problem: 'name must be a string' },
    { call: { type: 'screen', userId: 'u', name: text(1001) }, problem: 'name is longer than 1000 characters' },
    { call: { type: 'identify', userId: 'u', traits: 'x' }, problem: 'traits must be an object' },
    { call: { type: 'group', userId: 'u' }, problem: 'groupId required for a group call' },
    { call: { type: 'group', userId: 'u', groupId: '' }, problem: 'groupId required for a group call' },
    { call: { type: 'group', userId: 'u', groupId: 'g', traits: 7 }, problem: 'traits must be an object' },
    { call: { type: 'alias', userId: 'u' }, problem: 'previousId required for an alias call' },
    { call: { type: 'alias', userId: 'u', previousId: {} }, problem: 'previousId must be a string or a number' },
    { call: null, problem: ' must be one of track, identify, page, screen, group, alias' },
  ])('$problem', ({ call, problem }) => expect(problemOf(call)).toBe(problem));

  it.each([
    { given: { userId: 2 ** 53 - 1 }, read: { userId: '9007199254740991' } },
    { given: { userId: -7, anonymousId: 0 }, read: { userId: '-7', anonymousId: '0' } },
    { given: { messageId: text(limits.messageId) }, read: { messageId: text(100) } },
    { given: { userId: text(limits.identifier) }, read: { userId: text(500) } },
    { given: { event: text(limits.name) }, read: { event: text(1000) } },
    {
      given: { timestamp: '', originalTimestamp: null, sentAt: 'soon' },
      read: { timestamp: undefined, originalTimestamp: undefined, sentAt: undefined },
    },
    { given: { sentAt: '2026-01-31' }, read: { sentAt: '2026-01-31' } },
    { given: { properties: [], context: null, integrations: [] }, read: { properties: undefined, context: undefined, integrations: undefined } },
    { given: { type: 'identify', traits: [] }, read: { traits: undefined } },
    { given: { type: 'page', name: null, properties: [] }, read: { name: null, properties: undefined } },
    { given: { type: 'screen', name: 'Start', properties: null }, read: { name: 'Start', properties: undefined } },
    { given: { type: 'group', groupId: 7, traits: null }, read: { groupId: '7', traits: undefined } },
    { given: { type: 'alias', previousId: 7 }, read: { previousId: '7' } },
    { given: { type: 'alias', anonymousId: 'a', previousId: '' }, read: { anonymousId: 'a', previousId: undefined } },
    { given: { unheardOf: [1] }, read: { unheardOf: [1] } },
  ])('$given is read as $read', ({ given, read }) => expect(ClientCall.parse({ ...track, ...given })).toMatchObject(read));

  it('stays the very one that the client sent when there is nothing to put plainly', () => {
    const call = { ...track, properties: { a: 1 } };
    expect((ClientCall.parse(call) as { properties: unknown }).properties).toBe(call.properties);
    expect(call).toEqual({ ...track, properties: { a: 1 } });
  });
});

describe('an event of the stream', () => {
  const stamps = { messageId: 'm', timestamp: '2026-05-01T10:00:00.000Z', receivedAt: '2026-05-01T10:00:01.000Z', sourceId: 'web' };
  it('is a call with stamps', () => expect(Event.parse({ ...track, ...stamps })).toEqual({ ...track, ...stamps }));

  it.each([
    { messageId: '' },
    { messageId: text(101) },
    { messageId: undefined },
    { timestamp: '2026-05-01T12:00:00+02:00' },
    { timestamp: undefined },
    { receivedAt: 'now' },
    { receivedAt: '0000-05-01T10:00:00.000Z' },
    { sourceId: '' },
    { sourceId: undefined },
    { userId: undefined },
  ])('is not one with %j', (fields) => expect(Event.safeParse({ ...track, ...stamps, ...fields }).success).toBe(false));
});
