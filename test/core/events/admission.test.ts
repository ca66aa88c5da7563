import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit } from '../../../lambdas/core/events/admission.ts';
import { limits } from '../../../lambdas/core/events/event.ts';
import { quarantineLine } from '../../../lambdas/core/events/quarantine-line.ts';
import type { Shared } from '../../../lambdas/core/events/submission.ts';

const arrival = { sourceId: 'web', receivedAt: Date.parse('2026-11-23T12:00:00.000Z'), newId: () => 'made' };
const good = { type: 'page', anonymousId: 'a' };
const admitted = (item: unknown, shared: Shared = {}) => {
  const { accepted, rejected } = admit({ items: [item], shared }, arrival);
  return accepted[0] === undefined ? { rejected: rejected[0]?.rejection } : JSON.parse(accepted[0].json);
};

describe('what real clients send is accepted', () => {
  it.each([
    { name: 'a number as an id', fields: { userId: 42 }, expected: { userId: '42' } },
    { name: 'null for no id', fields: { userId: null }, expected: { anonymousId: 'a' } },
    { name: "PHP's empty list for no properties", fields: { properties: [], context: [] }, expected: {} },
    {
      name: 'null everywhere',
      fields: { properties: null, context: null, timestamp: null, messageId: null, name: null },
      expected: { messageId: 'made' },
    },
    {
      name: "RudderStack's channel",
      fields: { channel: 'server', context: { traits: { email: 'a@b.c' } } },
      expected: { channel: 'server', context: { traits: { email: 'a@b.c' } } },
    },
    {
      name: 'names of built-in methods',
      fields: { properties: { constructor: 'Ferrari', toString: 1, valueOf: 2 } },
      expected: { properties: { constructor: 'Ferrari', toString: 1, valueOf: 2 } },
    },
    { name: 'half an emoji', fields: { name: 'cut \ud83d' }, expected: { name: 'cut \ufffd' } },
    {
      name: 'text that looks like an escape',
      fields: { name: '\\ud83d \\\ud83d' },
      expected: { name: '\\ud83d \\\ufffd' },
    },
    {
      name: 'an alias that means the anonymousId',
      fields: { type: 'alias', userId: 'u' },
      expected: { type: 'alias', anonymousId: 'a', userId: 'u' },
    },
  ])('$name', ({ fields, expected }) => expect(admitted({ ...good, ...fields })).toMatchObject(expected));
});

it('an event that judging throws on costs no other of its request', () => {
  const newId = () => {
    throw new TypeError("reading 'ann@example.org' of undefined");
  };
  const items = [{ ...good, messageId: 'm1' }, good, { ...good, messageId: 'm3' }];
  const { accepted, rejected } = admit({ items, shared: {} }, { ...arrival, newId });
  expect(accepted.map(({ json }) => JSON.parse(json).messageId)).toEqual(['m1', 'm3']);
  const reason = 'could not be applied: TypeError: reading … of undefined';
  expect(rejected).toEqual([{ item: good, rejection: { kind: 'invalid', index: 1, field: '', reason } }]);
});

describe('what a batch says once', () => {
  const shared = {
    context: { app: 'shop', locale: 'en' },
    integrations: { All: false },
    sentAt: '2026-11-23T12:00:10Z',
  };
  it.each([
    { name: 'holds for an event that says nothing', fields: {}, context: { app: 'shop', locale: 'en' } },
    {
      name: 'yields to an event that says otherwise',
      fields: { context: { locale: 'de' } },
      context: { app: 'shop', locale: 'de' },
    },
    { name: "holds for PHP's empty list", fields: { context: [] }, context: { app: 'shop', locale: 'en' } },
  ])('$name', ({ fields, context }) => {
    const event = admitted({ ...good, timestamp: '2026-11-23T12:00:05Z', ...fields }, shared);
    expect(event).toMatchObject({
      context,
      integrations: { All: false },
      sentAt: shared.sentAt,
      timestamp: '2026-11-23T11:59:55.000Z',
    });
  });

  it('gives the type that the path says', () =>
    expect(admitted({ ...good, type: 'nonsense' }, { type: 'screen' })).toMatchObject({ type: 'screen' }));
});

describe('nesting', () => {
  const nested = (levels: number): object => ({
    ...good,
    properties: Array.from({ length: levels }).reduce<unknown>((inner) => ({ a: inner }), 1),
  });
  it.each([
    { levels: limits.depth - 1, accepted: true },
    { levels: limits.depth, accepted: false },
  ])('of $levels levels below the event: accepted $accepted', ({ levels, accepted }) =>
    expect('rejected' in admitted(nested(levels))).toBe(!accepted),
  );
});

const anyItem = fc.oneof(
  fc.jsonValue(),
  fc.record({
    type: fc.constantFrom('track', 'page', 'identify', 'group'),
    userId: fc.oneof(fc.string(), fc.nat()),
    event: fc.string(),
    properties: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
);

it('puts every event on exactly one side, in order, and quarantine keeps it whole', () =>
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 20 }), (items) => {
      const tagged = items.map((item, i) =>
        typeof item === 'object' && item !== null && !Array.isArray(item) ? { ...item, tag: i } : item,
      );
      const { accepted, rejected } = admit({ items: tagged, shared: {} }, arrival);
      const taken = accepted.map(({ json }) => JSON.parse(json).tag as number);
      const refused = rejected.map(({ rejection }) => rejection.index);
      expect([...taken, ...refused].sort((a, b) => a - b)).toEqual(items.map((_, i) => i));
      expect(taken).toEqual(taken.toSorted((a, b) => a - b));
      for (const entry of rejected) {
        const line = JSON.parse(
          quarantineLine({ stage: 'collect', sourceId: 'web', ...entry.rejection, item: entry.item }).json,
        );
        expect(line).toMatchObject({ truncated: false, index: entry.rejection.index });
        expect(line.event).toBe(JSON.stringify(tagged[entry.rejection.index])?.toWellFormed());
      }
    }),
  ));

it('cuts in quarantine what no record could hold', () => {
  const line = quarantineLine({
    stage: 'collect',
    reason: 'is larger than 32 KB',
    item: '\uFFFD'.repeat(500_000),
  }).json;
  expect(JSON.parse(line)).toMatchObject({ truncated: true });
  expect(Buffer.byteLength(line)).toBeLessThan(1000 * 1024 - 256);
});
