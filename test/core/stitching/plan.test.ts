import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { NewProfileId } from '../../../lambdas/core/profile/new-profile-id.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch, transactionItems } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

/** Three times what is usual, unless the run says otherwise. */
const runs = { numRuns: numRuns(300) };

/** Wide enough that no limit binds on what the generator below makes. */
const config = configOf({
  identity: { limits: { user_id: { max: 1000 } }, defaultLimit: 1000, breaker: { merges: 1000 } },
});

/**
 * Events of few people, so that identifiers meet; a message's content is a function of its id, as with real duplicates.
 */
const someEvent = fc
  .record({
    messageId: fc.integer({ min: 0, max: 10_000 }),
    userId: fc.option(fc.constantFrom('u1', 'u2', 'u3', 'u4'), { nil: undefined }),
    anonymousId: fc.constantFrom('a1', 'a2', 'a3', 'a4', 'a5', 'a6'),
    email: fc.option(fc.constantFrom('x@x.org', 'y@x.org', 'z@x.org'), { nil: undefined }),
    plan: fc.constantFrom('free', 'pro', null),
    at: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ messageId, userId, anonymousId, email, plan, at }) =>
    eventOf({
      type: 'identify',
      messageId: `m${messageId}`,
      userId,
      anonymousId,
      traits: { plan, ...(email && { email }) },
      timestamp: minute(at),
    }),
  );
const someEvents = fc.uniqueArray(someEvent, { selector: ({ messageId }) => messageId, maxLength: 30 });

/** Applies batches one after another and says who is whom, without profile ids, which are chance. */
async function apply(batches: readonly (readonly Event[])[], newProfileId: NewProfileId = counter()) {
  const table = new MemoryTable();
  for (const batch of batches) {
    const sightings = sight(batch, config);
    const { writes, deferred } = planStitch(sightings, await table.load(ownerNames(sightings)), config, newProfileId);
    expect(deferred).toEqual([]);
    for (const write of writes) expect(await table.write(write)).toEqual({ kind: 'written' });
  }
  return describePeople(table);
}

const counter = (): NewProfileId => {
  let made = 0;
  return (createdAt) => `${createdAt}-${String(++made).padStart(6, '0')}`;
};

const describePeople = (table: MemoryTable) =>
  table
    .live()
    .map(({ identifiers, traits, eventCount, firstSeen, lastSeen, marks }) => ({
      identifiers: [...identifiers].sort(),
      traits: [...traits].map(([name, { value }]) => [name, value]).sort(),
      eventCount,
      firstSeen,
      lastSeen,
      marks: [...marks].sort(),
    }))
    .sort((a, b) => (JSON.stringify(a.identifiers) < JSON.stringify(b.identifiers) ? -1 : 1));

/** Who is connected to whom, by flooding over plain sets: shares nothing with the code under test. */
function components(events: readonly Event[]): string[][] {
  let groups: Set<string>[] = [];
  for (const { userId, anonymousId, ...rest } of events) {
    const { email } = (rest as unknown as { traits: { email?: string } }).traits;
    const ids = [userId && `user_id:${userId}`, `anonymous_id:${anonymousId}`, email && `email:${email}`].filter(
      (id) => id !== undefined,
    ) as string[];
    const touched = groups.filter((group) => ids.some((id) => group.has(id)));
    groups = [
      ...groups.filter((group) => !touched.includes(group)),
      new Set([...ids, ...touched.flatMap((group) => [...group])]),
    ];
  }
  return groups.map((group) => [...group].sort()).sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

describe('stitching', () => {
  it('ends with the same people in any order and any batching, duplicates included', () =>
    fc.assert(
      fc.asyncProperty(
        someEvents,
        fc.infiniteStream(fc.nat()),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (events, chance, sizes) => {
          const pick = () => chance.next().value as number;
          const doubled = [...events, ...events.filter(() => pick() % 2 === 0)];
          const shuffled = doubled
            .map((event) => ({ event, at: pick() }))
            .sort((a, b) => a.at - b.at)
            .map(({ event }) => event);
          expect(await apply(cut(shuffled, sizes))).toEqual(await apply([events]));
        },
      ),
      runs,
    ));

  it('joins exactly the identifiers that are connected', () =>
    fc.assert(
      fc.asyncProperty(someEvents, async (events) => {
        const people = await apply(events.map((event) => [event]));
        expect(
          people
            .map(({ identifiers }) => identifiers.map(([id]) => id).sort())
            .sort((a, b) => (a.join() < b.join() ? -1 : 1)),
        ).toEqual(components(events));
        expect(people.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(events.length);
      }),
      runs,
    ));

  it('lets a trait keep the value of the greatest (timestamp, messageId)', () =>
    fc.assert(
      fc.asyncProperty(
        someEvents.filter((events) => events.length > 0),
        async (events) => {
          const one = events.map((event) => ({ ...event, userId: 'u1' }) as Event);
          const last = [...one]
            .sort((a, b) => (`${a.timestamp} ${a.messageId}` < `${b.timestamp} ${b.messageId}` ? -1 : 1))
            .at(-1);
          const [person] = await apply(cut(one, [2]));
          expect(person?.traits.find(([name]) => name === 'plan')?.[1]).toEqual(
            (last as unknown as { traits: { plan: unknown } }).traits.plan,
          );
        },
      ),
    ));

  it('never puts more items in a write than a transaction takes, and loses no sighting', () => {
    const sightings = sight(
      Array.from({ length: 250 }, (_, n) => eventOf({ userId: 'u1', anonymousId: `device-${n}` })),
      config,
    );
    const { writes, deferred, repeated } = planStitch(sightings, new Map(), config, counter());
    expect(writes).toHaveLength(1);
    expect(1 + (writes[0]?.claimed.length ?? 0) + (writes[0]?.absorbed.length ?? 0)).toBe(transactionItems);
    expect([...writes.flatMap((write) => write.sightings), ...deferred, ...repeated]).toHaveLength(250);
  });

  it('writes nothing for events that were applied before', async () => {
    const table = new MemoryTable();
    const sightings = sight([eventOf({ userId: 'u1' })], config);
    for (const write of planStitch(sightings, new Map(), config, counter()).writes) await table.write(write);
    const again = planStitch(sightings, await table.load(['user_id:u1']), config, counter());
    expect(again.writes).toEqual([]);
    expect(again.repeated).toEqual(sightings);
  });

  it('keeps a removed trait removed when an older value arrives late', async () => {
    const stated = (plan: string | null, at: number) =>
      eventOf({ type: 'identify', userId: 'u1', traits: { plan }, timestamp: minute(at) });
    const [person] = await apply([[stated('pro', 1)], [stated(null, 3)], [stated('free', 2)]]);
    expect(person?.traits).toEqual([['plan', null]]);
  });
});

function cut<T>(values: readonly T[], sizes: readonly number[]): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < values.length; start += sizes[(parts.length - 1) % sizes.length] ?? 1)
    parts.push(values.slice(start, start + (sizes[parts.length % sizes.length] ?? 1)));
  return parts;
}

describe('accounts', () => {
  it('a group call makes an account with its traits and links the person to it', async () => {
    const table = new MemoryTable();
    const event = eventOf({ type: 'group', userId: 'ann', groupId: 'acme', traits: { industry: 'tea' } });
    const { writes } = planStitch(sight([event], config), new Map(), config, counter());
    for (const write of writes) await table.write(write);
    const [person, account] = ['users', 'accounts'].map((collection) =>
      table.live().find((profile) => profile.collection === collection),
    );
    expect([...(person?.accounts.keys() ?? [])]).toEqual(['acme']);
    expect(person?.traits.size).toBe(0);
    expect([...(account?.identifiers.keys() ?? [])]).toEqual(['group_id:acme']);
    expect(account?.traits.get('industry')?.value).toBe('tea');
  });

  it('never merges two people of one account', async () => {
    const table = new MemoryTable();
    const events = ['ann', 'bob'].map((userId) => eventOf({ type: 'group', userId, groupId: 'acme' }));
    for (const write of planStitch(sight(events, config), new Map(), config, counter()).writes)
      await table.write(write);
    expect(table.live().map(({ collection }) => collection)).toEqual(['users', 'accounts', 'users']);
  });
});

describe('the identity log', () => {
  it('says each link, merge, drop and block, by which rule and event', () => {
    const strict = configOf();
    const events = [
      eventOf({ messageId: 'm1', anonymousId: 'a1' }),
      eventOf({ messageId: 'm2', type: 'identify', userId: 'ann', traits: { email: 'ann@x.org' } }),
      eventOf({ messageId: 'm3', userId: 'ann', anonymousId: 'a1' }),
      eventOf({ messageId: 'm4', userId: 'bob', anonymousId: 'a1' }),
      eventOf({ messageId: 'm5', userId: 'ann', anonymousId: 'null' }),
    ];
    const { writes } = planStitch(sight(events, strict), new Map(), strict, counter());
    const stated = writes.flatMap(({ log }) =>
      log.map(({ kind, identifier, absorbed, rule, messageId }) => [
        messageId,
        kind,
        identifier ?? (absorbed && 'profile'),
        rule,
      ]),
    );
    expect(stated.sort()).toEqual([
      ['m1', 'link', 'anonymous_id:a1', undefined],
      ['m2', 'link', 'email:ann@x.org', undefined],
      ['m2', 'link', 'user_id:ann', undefined],
      ['m3', 'merge', 'profile', undefined],
      ['m4', 'drop', 'anonymous_id:a1', 'limit user_id 1 ever'],
      ['m4', 'link', 'user_id:bob', undefined],
      ['m5', 'block', 'anonymous_id:null', undefined],
    ]);
  });

  it('puts aside an event over a cap, with the rule', () => {
    const capped = configOf({ identity: { caps: { identifiers: 1 } } });
    const plan = planStitch(
      sight([eventOf({ userId: 'ann', anonymousId: 'a1' })], capped),
      new Map(),
      capped,
      counter(),
    );
    expect(plan.writes).toEqual([]);
    expect(plan.capped.map(({ rule }) => rule)).toEqual(['cap of 1 identifiers']);
  });
});
