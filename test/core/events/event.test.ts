import { describe, expect, it } from 'vitest';
import { ClientCall, Event, limits } from '../../../lambdas/core/events/event.ts';

const track = { type: 'track', event: 'x', userId: 'u' };
const problemOf = (call: unknown): string | undefined => {
  const issue = ClientCall.safeParse(call).error?.issues[0];
  return issue && `${issue.path.join('.')} ${issue.message}`;
};
const text = (length: number): string => 'x'.repeat(length);

describe('a call of a client', () => {
  it.each([
    {
      call: { ...track, type: 'trak' },
      problem: 'type must be one of track, identify, page, screen, group, alias; got a text of 4 characters',
    },
    {
      call: { event: 'x', userId: 'u' },
      problem: 'type must be one of track, identify, page, screen, group, alias; got nothing',
    },
    {
      call: { ...track, userId: undefined },
      problem:
        'userId is missing, and so is anonymousId: at least one of them is required, a text or a number; got neither',
    },
    {
      call: { ...track, userId: null, anonymousId: '' },
      problem:
        'userId is missing, and so is anonymousId: at least one of them is required, a text or a number; got neither',
    },
    {
      call: { ...track, userId: true },
      problem: 'userId must be a text or a number of at most 500 characters; got true',
    },
    {
      call: { ...track, anonymousId: text(501) },
      problem: 'anonymousId must be a text or a number of at most 500 characters; got a text of 501 characters',
    },
    {
      call: { ...track, userId: '\ud83d' },
      problem: 'userId must be well-formed Unicode, and is cut inside a character; got a text of 1 character',
    },
    {
      call: { ...track, messageId: text(101) },
      problem: 'messageId must be a text or a number of at most 100 characters; got a text of 101 characters',
    },
    {
      call: { ...track, event: undefined },
      problem: 'event must be a text of 1 to 1000 characters; got nothing; a track call requires it',
    },
    {
      call: { ...track, event: '' },
      problem: 'event must be a text of 1 to 1000 characters; got an empty text; a track call requires it',
    },
    {
      call: { ...track, event: text(1001) },
      problem: 'event must be a text of 1 to 1000 characters; got a text of 1001 characters; a track call requires it',
    },
    { call: { ...track, properties: [1] }, problem: 'properties must be an object; got a list of 1' },
    { call: { ...track, properties: 'x' }, problem: 'properties must be an object; got a text of 1 character' },
    { call: { ...track, context: 7 }, problem: 'context must be an object; got a number' },
    { call: { ...track, integrations: [0] }, problem: 'integrations must be an object; got a list of 1' },
    {
      call: { type: 'page', userId: 'u', name: 7 },
      problem: 'name must be a text of at most 1000 characters; got a number',
    },
    {
      call: { type: 'screen', userId: 'u', name: text(1001) },
      problem: 'name must be a text of at most 1000 characters; got a text of 1001 characters',
    },
    {
      call: { type: 'identify', userId: 'u', traits: 'x' },
      problem: 'traits must be an object; got a text of 1 character',
    },
    {
      call: { type: 'group', userId: 'u' },
      problem: 'groupId is required for a group call: a text or a number; got nothing',
    },
    {
      call: { type: 'group', userId: 'u', groupId: '' },
      problem: 'groupId is required for a group call: a text or a number; got nothing',
    },
    {
      call: { type: 'group', userId: 'u', groupId: 'g', traits: 7 },
      problem: 'traits must be an object; got a number',
    },
    {
      call: { type: 'alias', userId: 'u' },
      problem: 'previousId is required for an alias call, or else anonymousId: a text or a number; got neither',
    },
    {
      call: { type: 'alias', userId: 'u', previousId: {} },
      problem: 'previousId must be a text or a number of at most 500 characters; got an object',
    },
    { call: null, problem: ' must be one of track, identify, page, screen, group, alias; got null' },
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
    {
      given: { properties: [], context: null, integrations: [] },
      read: { properties: undefined, context: undefined, integrations: undefined },
    },
    { given: { type: 'identify', traits: [] }, read: { traits: undefined } },
    { given: { type: 'page', name: null, properties: [] }, read: { name: null, properties: undefined } },
    { given: { type: 'screen', name: 'Start', properties: null }, read: { name: 'Start', properties: undefined } },
    { given: { type: 'group', groupId: 7, traits: null }, read: { groupId: '7', traits: undefined } },
    { given: { type: 'alias', previousId: 7 }, read: { previousId: '7' } },
    { given: { type: 'alias', anonymousId: 'a', previousId: '' }, read: { anonymousId: 'a', previousId: undefined } },
    { given: { unheardOf: [1] }, read: { unheardOf: [1] } },
  ])('$given is read as $read', ({ given, read }) =>
    expect(ClientCall.parse({ ...track, ...given })).toMatchObject(read),
  );

  it('stays the very one that the client sent when there is nothing to put plainly', () => {
    const call = { ...track, properties: { a: 1 } };
    expect((ClientCall.parse(call) as { properties: unknown }).properties).toBe(call.properties);
    expect(call).toEqual({ ...track, properties: { a: 1 } });
  });
});

describe('an event of the stream', () => {
  const stamps = {
    messageId: 'm',
    timestamp: '2026-05-01T10:00:00.000Z',
    receivedAt: '2026-05-01T10:00:01.000Z',
    sourceId: 'web',
  };
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
  ])('is not one with %j', (fields) => expect(Event.safeParse({ ...track, ...stamps, ...fields }).success).toBe(false));
});
