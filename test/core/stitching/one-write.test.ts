import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { NewProfileId } from '../../../lambdas/core/profile/new-profile-id.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch, transactionItems } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const wide = configOf({
  identity: {
    limits: { user_id: { max: 1000 } },
    defaultLimit: 1000,
    breaker: { merges: 1000 },
    caps: { merges: 1000 },
  },
  segments: [{ key: 'pro', name: 'Pro', where: { trait: 'plan', operator: 'equals', value: 'pro' } }],
});
const counter = (): NewProfileId => {
  let made = 0;
  return (createdAt) => `${createdAt}-${String(++made).padStart(6, '0')}`;
};
const newProfileId = counter();

async function planned(table: MemoryTable, events: readonly Event[], config = wide) {
  const sightings = sight(events, config);
  return planStitch(sightings, await table.load(ownerNames(sightings)), config, newProfileId);
}

async function stored(events: readonly Event[]): Promise<MemoryTable> {
  const table = new MemoryTable();
  for (const write of (await planned(table, events)).writes) await table.write(write);
  return table;
}

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe('one write', () => {
  it('counts every identifier that is new, of a profile that is new', async () => {
    const { writes, deferred } = await planned(
      new MemoryTable(),
      times(80, (n) =>
        eventOf({ type: 'identify', userId: 'u', anonymousId: `a${n}`, traits: { email: `e${n}@x.org` } }),
      ),
    );
    const claimed = writes.reduce((sum, write) => sum + write.claimed.length, 0);
    expect(1 + claimed).toBe(transactionItems);
    expect(deferred).toHaveLength(80 - (claimed - 1) / 2);
  });

  it('counts every profile that it absorbs', async () => {
    const table = await stored([...times(150, (n) => eventOf({ anonymousId: `a${n}` })), eventOf({ userId: 'u' })]);
    const { writes, deferred } = await planned(
      table,
      times(150, (n) => eventOf({ userId: 'u', anonymousId: `a${n}` })),
    );
    expect(writes).toHaveLength(1);
    expect(1 + (writes[0]?.absorbed.length ?? 0) + (writes[0]?.claimed.length ?? 0)).toBeLessThanOrEqual(
      transactionItems,
    );
    expect(writes[0]?.absorbed.length).toBeGreaterThan(transactionItems / 2);
    expect(deferred.length + (writes[0]?.sightings.length ?? 0)).toBe(150);
  });

  it('holds the events of all profiles that it joins', async () => {
    const events = [
      eventOf({ anonymousId: 'a' }),
      eventOf({ userId: 'u' }),
      eventOf({ userId: 'u', anonymousId: 'a' }),
    ];
    const { writes } = await planned(new MemoryTable(), events);
    expect(writes).toHaveLength(1);
    expect(
      writes[0]?.sightings.map(({ event }) => event).toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1)),
    ).toEqual(events.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1)));
    expect(writes[0]?.profile.eventCount).toBe(3);
  });

  it('announces nothing of a member who absorbs, or is absorbed, under the same name', async () => {
    const table = await stored([
      eventOf({ anonymousId: 'a', receivedAt: minute(1), timestamp: minute(1) }),
      eventOf({ type: 'identify', userId: 'u', traits: { plan: 'pro' }, receivedAt: minute(2), timestamp: minute(2) }),
    ]);
    const { writes } = await planned(table, [
      eventOf({ userId: 'u', anonymousId: 'a', receivedAt: minute(3), timestamp: minute(3) }),
    ]);
    expect(writes.map(({ changes, absorbed }) => ({ changes, absorbed: absorbed.length }))).toEqual([
      { changes: [], absorbed: 1 },
    ]);
    expect(writes[0]?.profile.segments).toEqual(new Map([['pro', minute(2)]]));
  });

  it('tells of each blocked identifier once', async () => {
    const { writes } = await planned(new MemoryTable(), [
      eventOf({ userId: 'u', anonymousId: 'null' }),
      eventOf({ userId: 'u', anonymousId: 'none' }),
      eventOf({ userId: 'u', anonymousId: 'null' }),
    ]);
    const told = writes.flatMap(({ log }) => log.map(({ kind, identifier }) => `${kind} ${identifier}`));
    expect(told).toEqual(['link user_id:u', 'block anonymous_id:null', 'block anonymous_id:none']);
  });
});

describe('whom events name', () => {
  it('reads phone numbers by the country of the source', () => {
    const config = configOf({
      sources: ['US', 'GB'].map((defaultCountry) => ({
        id: `shop-${defaultCountry.toLowerCase()}`,
        kind: 'server',
        writeKey: `key-of-${defaultCountry}`,
        defaultCountry,
      })),
    });
    const named = (sourceId: string, phone: string) =>
      sight([eventOf({ type: 'identify', sourceId, userId: 'u', traits: { phone } })], config)[0]?.identifiers;
    expect(named('shop-us', '(201) 555-0123')).toEqual(['user_id:u', 'phone:+12015550123']);
    expect(named('shop-gb', '020 7946 0958')).toEqual(['user_id:u', 'phone:+442079460958']);
  });

  it('names no account when it names nobody', () =>
    expect(
      sight([eventOf({ type: 'group', userId: 'null', groupId: 'acme' })], wide).map(({ collection }) => collection),
    ).toEqual(['users']));
});

it('membership begins with the receipt of the last event that led to it, and accounts have none', async () => {
  const events = [2, 1].map((n) =>
    eventOf({ type: 'identify', userId: 'u', traits: { plan: 'pro' }, receivedAt: minute(n), timestamp: minute(0) }),
  );
  const { writes } = await planned(new MemoryTable(), [
    ...events,
    eventOf({ type: 'group', userId: 'u', groupId: 'acme', traits: { plan: 'pro' }, receivedAt: minute(0) }),
  ]);
  expect(writes.map(({ profile }) => [profile.collection, ...profile.segments])).toEqual([
    ['users', ['pro', minute(2)]],
    ['accounts'],
  ]);
});

it('an event that one of the profiles it names has taken in is not taken in by the other', async () => {
  const [table, oneUserId] = [await stored([eventOf({ userId: 'v', anonymousId: 'a' })]), configOf()];
  const event = eventOf({ userId: 'u', anonymousId: 'a', messageId: 'once' });
  for (const write of (await planned(table, [event], oneUserId)).writes) await table.write(write);
  expect(table.live().map(({ eventCount }) => eventCount)).toEqual([1, 1]);
  const again = await planned(table, [event], oneUserId);
  expect([again.writes, again.repeated.length]).toEqual([[], 1]);
});
