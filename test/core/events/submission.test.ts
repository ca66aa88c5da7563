import { describe, expect, it } from 'vitest';
import { limits } from '../../../lambdas/core/events/event.ts';
import { findFlaw } from '../../../lambdas/core/events/json-flaw.ts';
import { quarantineLine } from '../../../lambdas/core/events/quarantine-line.ts';
import { describeRejection, fieldPath } from '../../../lambdas/core/events/rejection.ts';
import { readSubmission } from '../../../lambdas/core/events/submission.ts';

const event = { type: 'track', event: 'x', userId: 'u' };
const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => ({ a: inner }), 1);
const listed = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

describe('a body', () => {
  it('of one call is the event, of the type that its path says', () =>
    expect(readSubmission(event, 'page')).toEqual({
      ok: true,
      submission: { items: [event], shared: { type: 'page' }, leftOut: [] },
    }));

  it.each([
    { name: 'nothing', stated: {}, shared: {} },
    { name: "null and PHP's empty list", stated: { context: null, integrations: [], sentAt: null }, shared: {} },
    { name: 'a time nobody can read', stated: { sentAt: 'soon' }, shared: {} },
    {
      name: 'all it can',
      stated: { context: { a: 1 }, integrations: { All: true }, sentAt: '2026-11-23T12:00:00Z', other: 1 },
      shared: { context: { a: 1 }, integrations: { All: true }, sentAt: '2026-11-23T12:00:00Z' },
    },
    {
      name: 'what nests as deep as it may',
      stated: { context: nested(limits.depth - 1) },
      shared: { context: nested(limits.depth - 1) },
    },
  ])('of a batch that shares $name', ({ stated, shared }) =>
    expect(readSubmission({ batch: [event], ...stated }, 'batch')).toStrictEqual({
      ok: true,
      submission: { items: [event], shared, leftOut: [] },
    }),
  );

  it('holds as many events as it may', () =>
    expect(readSubmission({ batch: Array.from({ length: limits.batchEvents }, () => event) }, 'batch').ok).toBe(true));

  it.each([
    { name: 'a list', body: [event], kind: 'invalid', message: 'the body must be a JSON object; got a list of 1' },
    { name: 'null', body: null, kind: 'invalid', message: 'the body must be a JSON object; got null' },
    { name: 'no batch', body: { event }, kind: 'invalid', message: 'batch must be an array of events; got nothing' },
    {
      name: 'no event',
      body: { batch: [] },
      kind: 'invalid',
      message: 'batch must hold 1 to 2500 events; got a list of 0',
    },
    {
      name: 'too many',
      body: { batch: Array(limits.batchEvents + 1).fill(event) },
      kind: 'too_large',
      message: 'batch must hold 1 to 2500 events; got a list of 2501',
    },
    {
      name: 'a context that repeats into too much',
      body: { batch: Array(2500).fill(event), context: { text: 'x'.repeat(1700) } },
      kind: 'too_large',
      message: 'context and integrations, merged into each event, must have at most 4194304 bytes; got 4307500',
    },
  ])('with $name is refused', ({ body, kind, message }) =>
    expect(readSubmission(body, 'batch')).toEqual({ ok: false, refusal: { kind, message } }),
  );

  const without = (name: string) => `; the events were taken without ${name}`;
  it.each([
    ...[
      { context: 'x', came: 'a text of 1 character' },
      { context: 5, came: 'a number' },
      { context: true, came: 'true' },
      { context: [1, 2], came: 'a list of 2' },
      { context: [[]], came: 'a list of 1' },
    ].map(({ context, came }) => ({
      stated: { context },
      field: 'context',
      reason: `must be an object; got ${came}; the events were taken without it`,
    })),
    {
      stated: { integrations: [1] },
      field: 'integrations',
      reason: 'must be an object; got a list of 1; the events were taken without it',
    },
    {
      stated: { integrations: JSON.parse('{"a":[{"__proto__":1}]}') },
      field: 'integrations.a[0].__proto__',
      reason: `is not allowed as a name${without('integrations')}`,
    },
    {
      stated: { context: nested(limits.depth) },
      field: `context${'.a'.repeat(limits.depth - 1)}`,
      reason: `is nested more than 20 levels deep${without('context')}`,
    },
  ])(
    'that shares what no event could keep gives its events all the same: $field $reason',
    ({ stated, field, reason }) => {
      const [item] = Object.values(stated);
      const submission = { items: [event], shared: {}, leftOut: [{ field, reason, item }] };
      expect(readSubmission({ batch: [event], ...stated }, 'batch')).toStrictEqual({ ok: true, submission });
    },
  );

  it.each([
    { over: 0, ok: true },
    { over: 1, ok: false },
  ])('may repeat 4 MiB and $over bytes into its events: $ok', ({ over, ok }) => {
    const text = 'x'.repeat(limits.requestBytes / 1024 - '{"context":{"text":""}}'.length + over);
    expect(readSubmission({ batch: Array(1024).fill(event), context: { text } }, 'batch').ok).toBe(ok);
  });
});

describe('a flaw', () => {
  it.each([
    {
      value: { a: [1, { b: Number.POSITIVE_INFINITY }] },
      path: ['a', 1, 'b'],
      reason: 'is a number too large to keep',
    },
    { value: [0, Number.NEGATIVE_INFINITY], path: [1], reason: 'is a number too large to keep' },
    { value: JSON.parse('{"a":1,"b":{"__proto__":{}}}'), path: ['b', '__proto__'], reason: 'is not allowed as a name' },
    {
      value: nested(limits.depth + 1),
      path: Array(limits.depth).fill('a'),
      reason: 'is nested more than 20 levels deep',
    },
    {
      value: listed(limits.depth + 1),
      path: Array(limits.depth).fill(0),
      reason: 'is nested more than 20 levels deep',
    },
  ])('is found at $path: $reason', ({ value, path, reason }) => expect(findFlaw(value)).toEqual({ path, reason }));

  it.each([null, 1, 'text', true, [], {}, nested(limits.depth), listed(limits.depth), { a: [null, { b: 1.5 }] }])(
    'is not in %j',
    (value) => expect(findFlaw(value)).toBeUndefined(),
  );
});

describe('a rejection', () => {
  it('names its field as one would write it', () => {
    expect(fieldPath(['properties', 'items', 0, 'sku'])).toBe('properties.items[0].sku');
    expect(fieldPath([0])).toBe('[0]');
    expect(fieldPath([])).toBe('');
    expect(fieldPath([`${'x'.repeat(199)}😀`])).toBe(`${'x'.repeat(199)}\uFFFD`);
  });

  it('is a sentence', () => {
    expect(describeRejection({ kind: 'invalid', index: 3, field: 'userId', reason: 'is missing' })).toBe(
      'event 3: userId is missing',
    );
    expect(describeRejection({ kind: 'invalid', index: 0, field: '', reason: 'is missing' })).toBe(
      'event 0: it is missing',
    );
  });
});

describe('a line of the quarantine', () => {
  const line = (item: unknown) =>
    JSON.parse(quarantineLine({ stage: 'collect', sourceId: 'web', index: 2, field: 'a', reason: 'r', item }).json);
  it('says where, why and what', () =>
    expect(line({ a: null, b: [1] })).toEqual({
      stage: 'collect',
      sourceId: 'web',
      index: 2,
      field: 'a',
      reason: 'r',
      truncated: false,
      event: '{"a":null,"b":[1]}',
    }));

  it('holds 300,000 characters of one event', () => {
    expect(line('x'.repeat(299_998))).toMatchObject({ truncated: false, event: `"${'x'.repeat(299_998)}"` });
    expect(line('x'.repeat(299_999))).toMatchObject({ truncated: true, event: `"${'x'.repeat(299_999)}` });
    expect(line(`${'x'.repeat(299_998)}😀`).event).toBe(`"${'x'.repeat(299_998)}\uFFFD`);
  });

  it('prunes what nests so deep that it cannot be written', () => {
    const bottomless = { list: listed(100_000), text: 't', none: null };
    const { truncated, event: text } = line(bottomless);
    expect(truncated).toBe(true);
    expect(JSON.parse(text)).toEqual({
      list: Array.from({ length: limits.depth - 1 }).reduce<unknown>((inner) => [inner], '…'),
      text: 't',
      none: null,
    });
    expect(JSON.parse(line(nested(100_000)).event)).toEqual(
      Array.from({ length: limits.depth }).reduce<unknown>((inner) => ({ a: inner }), '…'),
    );
  });
});
