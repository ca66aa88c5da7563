import { describe, expect, it } from 'vitest';
import { isWanted, readCandidate } from '../../../lambdas/core/replay/candidate.ts';
import { readReplayRequest } from '../../../lambdas/core/replay/request.ts';
import { eventOf } from '../../fixtures/events.ts';

const span = { from: '2026-05-01', to: '2026-05-02T12:00:00+02:00' };

describe('a request', () => {
  it('is read: a date is its first moment, UTC', () =>
    expect(readReplayRequest({ ...span, where: ['type=identify', 'context.app.version=2.1=b'] })).toEqual({
      from: '2026-05-01T00:00:00.000Z',
      to: '2026-05-02T10:00:00.000Z',
      where: [
        { path: ['type'], value: 'identify' },
        { path: ['context', 'app', 'version'], value: '2.1=b' },
      ],
      zone: 'raw',
    }));

  it('may be about the quarantine', () =>
    expect(readReplayRequest({ ...span, quarantine: true }).zone).toBe('quarantine'));

  it.each([
    {
      name: 'no --from',
      asked: { to: '2026-05-01' },
      says: '--from must be an ISO 8601 time such as 2026-05-01T10:00:00Z, or a date; it is missing',
    },
    {
      name: 'a --to that is no time',
      asked: { ...span, to: 'noon' },
      says: '--to must be an ISO 8601 time.*it is noon',
    },
    {
      name: 'an end before its beginning',
      asked: { from: '2026-05-02', to: '2026-05-01' },
      says: '--to must be later than --from',
    },
    {
      name: 'an empty span',
      asked: { from: '2026-05-02', to: '2026-05-02T00:00:00Z' },
      says: '--to must be later than --from',
    },
    {
      name: 'a condition without =',
      asked: { ...span, where: ['userId'] },
      says: '--where must be <field>=<value>; it is "userId"',
    },
    {
      name: 'a condition without a value',
      asked: { ...span, where: ['userId='] },
      says: '--where must be <field>=<value>',
    },
    { name: 'a comparison', asked: { ...span, where: ['userId!=ann'] }, says: 'it is given "userId!"' },
    { name: 'a field no event has', asked: { ...span, where: ['color=red'] }, says: 'it is given "color"' },
    { name: 'an object as a whole', asked: { ...span, where: ['context..app=x'] }, says: 'it is given "context..app"' },
    { name: 'a path into a text', asked: { ...span, where: ['userId.x=1'] }, says: 'it is given "userId.x"' },
    {
      name: 'a type there is not',
      asked: { ...span, where: ['type=click'] },
      says: 'type= must be one of track, .*it is "click"',
    },
  ])('with $name is refused with words', ({ asked, says }) =>
    expect(() => readReplayRequest(asked)).toThrow(new RegExp(says)),
  );
});

describe('an event is wanted', () => {
  const event = eventOf({
    userId: 'ann',
    receivedAt: '2026-05-01T10:00:00.000Z',
    context: { app: { version: '2.1', build: 7 }, beta: true, gone: null },
    properties: { 'first name': 'Ann' },
  });
  const wanted = (from: string, to: string, ...where: string[]) =>
    isWanted(event, readReplayRequest({ from, to, where }));
  it.each([
    { from: '2026-05-01T10:00:00Z', to: '2026-05-01T10:00:00.001Z', is: true },
    { from: '2026-05-01T09:00:00Z', to: '2026-05-01T10:00:00Z', is: false },
    { from: '2026-05-01T10:00:00.001Z', to: '2026-05-02', is: false },
  ])('from $from on and before $to: $is', ({ from, to, is }) => expect(wanted(from, to)).toBe(is));

  it.each([
    { where: ['userId=ann', 'type=track', 'event=Product Viewed', 'sourceId=shop'], is: true },
    { where: ['userId=ann', 'type=identify'], is: false },
    {
      where: ['context.app.version=2.1', 'context.app.build=7', 'context.beta=true', 'properties.first name=Ann'],
      is: true,
    },
    { where: ['context.app.version=2.10'], is: false },
    { where: ['context.app=[object Object]'], is: false },
    { where: ['context.gone=null'], is: false },
    { where: ['context.app.version.length=3'], is: false },
    { where: ['context.constructor.name=Object'], is: false },
  ])('where $where: $is', ({ where, is }) => expect(wanted('2026-05-01', '2026-05-02', ...where)).toBe(is));
});

describe('a line', () => {
  const event = eventOf({ userId: 'ann' });
  const json = JSON.stringify(event);
  it.each([
    { name: 'of the raw zone', zone: 'raw', line: json, read: { event, json } },
    { name: 'without stamps', zone: 'raw', line: '{"type":"track","event":"x","userId":"u"}', read: undefined },
    { name: 'that is cut', zone: 'raw', line: json.slice(0, -1), read: undefined },
    { name: 'that is an array', zone: 'raw', line: `[${json}]`, read: undefined },
    {
      name: 'that stitch put aside',
      zone: 'quarantine',
      line: JSON.stringify({ stage: 'stitch', reason: 'cap', event: json }),
      read: { event, json },
    },
    {
      name: 'that collect refused',
      zone: 'quarantine',
      line: JSON.stringify({ stage: 'collect', event: json }),
      read: undefined,
    },
    {
      name: 'that was too long to keep',
      zone: 'quarantine',
      line: JSON.stringify({ stage: 'stitch', truncated: true, event: json }),
      read: undefined,
    },
    {
      name: 'about what is no event',
      zone: 'quarantine',
      line: JSON.stringify({ stage: 'stitch', event: '"text"' }),
      read: undefined,
    },
    { name: 'of the raw zone among quarantined ones', zone: 'quarantine', line: json, read: undefined },
  ] as const)('$name is read as what it is', ({ line, zone, read }) => expect(readCandidate(line, zone)).toEqual(read));
});
