import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readQuery } from '../../../lambdas/core/apis/profile-query.ts';
import { traitsOf } from '../../../lambdas/core/apis/profile-traits.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { basic } from '../../fakes/http-request.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';

/** Words that every object answers to, though nobody gave it that name, and some that lists and functions do. */
const words = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name', 'values'];
/** Of these the ones that may be an identifier's type. */
const typeWords = words.filter((word) => /^[a-z][a-z0-9_.-]{0,39}$/.test(word));

/** Wherever a client may say a word of its own: an event of a person of its own, named `user`. */
const positions = {
  externalId: (word, user) => ({
    ...track(user),
    context: { externalIds: [{ id: `x-${user}`, type: word, collection: 'users', encoding: 'none' }] },
  }),
  userId: (word, user) => track(`${word}-${user}`),
  anonymousId: (word, user) => ({ ...track(user), anonymousId: word }),
  eventName: (word, user) => ({ ...track(user), event: word }),
  property: (word, user) => ({ ...track(user), properties: { [word]: { [word]: 1 } } }),
  field: (word, user) => ({ ...track(user), [word]: 'said' }),
  integration: (word, user) => ({ ...track(user), integrations: { [word]: true } }),
  trait: (word, user) => ({ type: 'identify', userId: user, traits: { [word]: 'said' } }),
  contextTrait: (word, user) => ({ type: 'identify', userId: user, context: { traits: { [word]: 'said' } } }),
  custom: (word, user) => ({ type: 'identify', userId: user, traits: { [word]: { [word]: `c-${user}` } } }),
  consent: (word, user) => ({ ...track(user), context: { consent: { categoryPreferences: { [word]: false } } } }),
  campaign: (word, user) => ({
    ...track(user),
    context: { campaign: { [word]: word, name: word }, page: { [word]: word } },
  }),
  device: (word, user) => ({ ...track(user), context: { device: { [word]: word, id: word, type: word } } }),
  group: (word, user) => ({ type: 'group', userId: user, groupId: word, traits: { [word]: 'said' } }),
  alias: (word, user) => ({ type: 'alias', userId: user, previousId: word }),
} satisfies Record<string, (word: string, user: string) => Record<string, unknown>>;
type Position = keyof typeof positions;

const track = (userId: string): Record<string, unknown> => ({ type: 'track', event: 'E', userId });
const stated = fc.tuple(fc.constantFrom(...(Object.keys(positions) as Position[])), fc.constantFrom(...words));

/** A configuration that names everything after a word, as far as it may. */
const configNaming = (word: string) =>
  configOf({
    sources: [{ id: 'backend', kind: 'server', writeKey: 'a-write-key' }],
    identity: {
      identifiers: [{ type: 'loyalty_id', path: `traits.${word}.${word}` }],
      ...(typeWords.includes(word) && {
        priority: ['user_id', word, 'anonymous_id'],
        limits: { user_id: { max: 1 }, [word]: { max: 1 } },
        blocked: { [word]: { values: ['x-blocked'] } },
      }),
    },
    segments: [{ key: 'has_it', name: 'Has it', where: { trait: word, operator: 'equals', value: 'said' } }],
    // No configuration may have this name.
    survivorship: word === '__proto__' ? {} : { [word]: { keep: 'most_recent' } },
  });

/** Sends events to collect, and what it puts on the stream through stitch as the configuration has it. */
async function take(events: readonly object[], config = configOf()) {
  const collect = collectInMemory();
  const { status } = await collect.request(post('/v1/batch', { batch: events }, basic('server-write-key')));
  const table = new MemoryTable();
  const { handler, quarantined } = stitchInMemory(table, { config });
  const batch = kinesisEvent(collect.records.map(({ text }) => text));
  const answer = collect.records.length === 0 ? { batchItemFailures: [] } : await handler(batch);
  return { status, refused: collect.quarantined(), streamed: collect.events(), table, quarantined, answer };
}

const eventsIn = (table: MemoryTable) =>
  table.live().reduce((sum, { collection, eventCount }) => sum + (collection === 'users' ? eventCount : 0), 0);
const personWith = (table: MemoryTable, id: string) =>
  table.live().find(({ identifiers }) => identifiers.has(id as Identifier));

describe.each(words)('the word %s', (word) => {
  it.each(Object.keys(positions) as Position[])('is only a word as %s', async (position) => {
    for (const config of [configOf(), configNaming(word)]) {
      const { status, refused, streamed, table, quarantined, answer } = await take(
        [positions[position](word, 'u1'), track('u2')],
        config,
      );
      expect({ status, answer, quarantined, all: refused.length + streamed.length }).toEqual({
        ...{ status: 200, answer: { batchItemFailures: [] }, quarantined: [], all: 2 },
      });
      // Only as the name of a field is one word refused, and then by name.
      expect(refused.map(({ reason }) => reason)).toEqual(
        refused.length > 0 && word === '__proto__' ? ['is not allowed as a name'] : [],
      );
      expect(eventsIn(table)).toBe(streamed.length);
    }
  });
});

it('becomes a trait, a consent, an account, an identifier and a segment like any other word', async () => {
  for (const word of words.filter((each) => each !== '__proto__')) {
    const { table } = await take(
      [
        positions.trait(word, 'u1'),
        positions.consent(word, 'u1'),
        positions.group(word, 'u1'),
        positions.externalId(word, 'u1'),
        positions.custom(word, 'u2'),
      ],
      configNaming(word),
    );
    const person = personWith(table, 'user_id:u1');
    expect(person?.traits.get(word)).toMatchObject({ value: 'said' });
    expect([...(person?.consent.keys() ?? [])]).toEqual([`${word}|user_id:u1`]);
    expect([...(person?.accounts.keys() ?? [])]).toEqual([word]);
    expect([...(person?.segments.keys() ?? [])]).toEqual(['has_it']);
    expect(person?.identifiers.has(`${word}:x-u1`)).toBe(typeWords.includes(word));
    expect(personWith(table, 'loyalty_id:c-u2')?.identifiers.has('user_id:u2')).toBe(true);
    const read = readQuery(new URLSearchParams({ include: word, [word]: word }));
    expect(person && read.ok && traitsOf(person, { segments: [], traits: [] }, read.query, 0).items).toEqual([
      [word, 'said'],
    ]);
  }
});

it('limits and blocks what is configured by such a name', async () => {
  expect(typeWords).toContain('constructor');
  for (const word of typeWords) {
    const external = (id: string, user: string) => ({
      ...track(user),
      context: { externalIds: [{ id, type: word, collection: 'users', encoding: 'none' }] },
    });
    const { table } = await take(
      [external('x-1', 'u1'), external('x-2', 'u1'), external('x-blocked', 'u1')],
      configNaming(word),
    );
    expect([...(personWith(table, 'user_id:u1')?.identifiers.keys() ?? [])]).toEqual(['user_id:u1', `${word}:x-1`]);
  }
});

it('takes every batch in which such words stand anywhere', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(stated, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...words),
      async (batch, configured) => {
        const events = batch.map(([position, word], n) => positions[position](word, `u${n}`));
        const { answer, quarantined, table, streamed } = await take(events, configNaming(configured));
        expect({ answer, quarantined }).toEqual({ answer: { batchItemFailures: [] }, quarantined: [] });
        expect(eventsIn(table)).toBe(streamed.length);
      },
    ),
  ));

it.each(Object.keys(positions) as Position[])(
  'a line that did not come through collect says __proto__ as %s without harm',
  async (position) => {
    const table = new MemoryTable();
    const { handler, quarantined } = stitchInMemory(table, { config: configNaming('__proto__') });
    const event = eventOf(JSON.parse(JSON.stringify(positions[position]('__proto__', 'u1'))));
    expect(await handler(kinesisEvent([recordOf([event, eventOf({ userId: 'u2' })])]))).toEqual({
      batchItemFailures: [],
    });
    expect(eventsIn(table) + quarantined.length).toBe(2);
    expect(({} as { stated?: unknown }).stated).toBeUndefined();
  },
);
