import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf();

const visit = (messageId: string, at: number, names: Record<string, unknown>): Event =>
  eventOf({ messageId, timestamp: minute(at), receivedAt: minute(at), ...names });

const stitched = async (table: MemoryTable, ...events: readonly Event[]): Promise<readonly string[]> => {
  const { handler, suppressed } = stitchInMemory(table, { config });
  await handler(kinesisEvent([recordOf([...events])]));
  return suppressed;
};

/** Whoever has an identifier is erased. */
const anybody = () => true;

const namesOf = (table: MemoryTable) => table.live().map(({ identifiers }) => [...identifiers.keys()].sort());

describe('stitch and a barrier', () => {
  it('drops what happened before an erasure, counts it by its source, and puts it nowhere', async () => {
    const table = new MemoryTable();
    await table.forPrivacy().erase('user_id:ann', minute(10), anybody);
    const { handler, suppressed, quarantined, logged } = stitchInMemory(table, { config });
    await handler(kinesisEvent([recordOf([visit('late', 9, { userId: 'ann', anonymousId: 'phone' })])]));
    expect({ people: table.live(), suppressed, quarantined, logged }).toEqual({
      people: [],
      suppressed: ['shop'],
      quarantined: [],
      logged: [],
    });
  });

  it('counts a group call once, and gives the account nothing of it', async () => {
    const table = new MemoryTable();
    await table.forPrivacy().suppress('user_id:ann');
    const call = eventOf({ type: 'group', userId: 'ann', groupId: 'acme', traits: { owner: 'Ann' } });
    expect(await stitched(table, call)).toEqual(['shop']);
    expect(table.live()).toEqual([]);
  });

  it('takes an identifier from its profile, so that the same person comes back as somebody new', async () => {
    const table = new MemoryTable();
    await stitched(table, visit('first', 1, { userId: 'ann' }));
    const [old] = table.live();
    const isOld = (profileId: string) => profileId === old?.profileId;
    expect(await table.forPrivacy().erase('user_id:ann', minute(10), isOld)).toBe(old?.profileId);
    await stitched(table, visit('again', 11, { userId: 'ann' }));
    const owner = table.owners.get('user_id:ann');
    expect(owner).not.toBe(old?.profileId);
    expect(table.live().find(({ profileId }) => profileId === owner)?.eventCount).toBe(1);
    // Repeated, it leaves the new owner alone, and old events stay out of their profile.
    await table.forPrivacy().erase('user_id:ann', minute(10), isOld);
    expect(table.owners.get('user_id:ann')).toBe(owner);
    expect(await stitched(table, visit('first', 1, { userId: 'ann' }))).toEqual(['shop']);
  });

  it('keeps the barrier when somebody else claims the identifier, and when they lose it again', async () => {
    const table = new MemoryTable();
    await table.forPrivacy().erase('phone:+14155550100', minute(10), anybody);
    const next = eventOf({
      type: 'identify',
      userId: 'bob',
      traits: { phone: '+1 415 555 0100' },
      timestamp: minute(11),
    });
    await stitched(table, { ...next, receivedAt: minute(11) });
    expect(namesOf(table)).toEqual([['phone:+14155550100', 'user_id:bob']]);
    expect(table.barriers.get('phone:+14155550100')).toEqual({ erased: minute(10) });
    const [bob] = table.live();
    const profile = { profileId: bob?.profileId, version: 1, released: ['phone:+14155550100'] };
    const properties = { identifiers: ['user_id:bob'], profile };
    await stitched(table, visit('correction', 12, { sourceId: platformSource, userId: 'bob', properties }));
    expect(table.owners.has('phone:+14155550100')).toBe(false);
    expect(table.barriers.get('phone:+14155550100')).toEqual({ erased: minute(10) });
  });

  it('lets a suppressed person in again once that is lifted, and keeps what an erasure set', async () => {
    const table = new MemoryTable();
    const barriers = table.forPrivacy();
    await barriers.erase('user_id:ann', minute(5), anybody);
    await barriers.suppress('user_id:ann');
    expect(await stitched(table, visit('then', 6, { userId: 'ann' }))).toEqual(['shop']);
    await barriers.lift('user_id:ann');
    expect(await stitched(table, visit('now', 7, { userId: 'ann' }))).toEqual([]);
    expect(await stitched(table, visit('old', 4, { userId: 'ann' }))).toEqual(['shop']);
    await barriers.suppress('user_id:bob');
    await barriers.lift('user_id:bob');
    expect(await stitched(table, visit('bob', 7, { userId: 'bob' }))).toEqual([]);
    expect(namesOf(table)).toEqual([['user_id:ann'], ['user_id:bob']]);
  });

  it('that is set while a batch is under way stops what the batch would claim', async () => {
    const table = new MemoryTable();
    await stitched(table, visit('before', 1, { userId: 'ann' }));
    let attempts = 0;
    const { handler, suppressed } = stitchInMemory(table, {
      config,
      write: async (write) => {
        if (++attempts === 1) await table.forPrivacy().suppress('anonymous_id:phone');
        return table.write(write);
      },
    });
    const during = visit('during', 2, { userId: 'ann', anonymousId: 'phone' });
    const alone = visit('alone', 2, { anonymousId: 'phone' });
    await handler(kinesisEvent([recordOf([during, alone])]));
    expect(namesOf(table)).toEqual([['user_id:ann']]);
    expect(suppressed).toEqual(['shop']);
    expect(attempts).toBe(2);
  });
});

describe('stitch under barriers, whatever comes in which order', () => {
  // No limit binds, because then the order decides who gets an identifier.
  const boundless = configOf({ identity: { limits: { user_id: { max: 99 }, anonymous_id: { max: 99 } } } });
  const users = ['ann', 'bob', 'cid', undefined];
  const devices = ['d1', 'd2', 'd3', undefined];
  const said = fc.record({
    userId: fc.constantFrom(...users),
    anonymousId: fc.constantFrom(...devices),
    at: fc.integer({ min: 0, max: 20 }),
  });
  const barrier = fc.record({
    id: fc.constantFrom<Identifier>('user_id:ann', 'user_id:bob', 'anonymous_id:d1', 'anonymous_id:d2'),
    until: fc.option(fc.integer({ min: 0, max: 20 })),
  });

  it('has the people of those events alone whose most trusted identifier nothing stops', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(said, { maxLength: 14 }),
        fc.array(barrier, { maxLength: 4 }),
        fc.gen(),
        async (calls, barriers, gen) => {
          const events = calls
            .filter(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined)
            .map(({ at, ...names }, n) => visit(`m${n}`, at, names));
          const stops = (id: string, at: string) =>
            barriers.some((each) => each.id === id && (each.until === null || at <= minute(each.until)));
          // What is left of the events, by hand: the oracle has no barriers.
          const left = events.flatMap((event) => {
            const [user, device] = [event.userId, event.anonymousId];
            const deviceStopped = device !== undefined && stops(`anonymous_id:${device}`, event.timestamp);
            if (user !== undefined && stops(`user_id:${user}`, event.timestamp)) return [];
            if (user === undefined && deviceStopped) return [];
            return [deviceStopped ? { ...event, anonymousId: undefined } : event];
          });
          const table = new MemoryTable();
          for (const { id, until } of barriers)
            await (until === null
              ? table.forPrivacy().suppress(id)
              : table.forPrivacy().erase(id, minute(until), anybody));
          const workers = [1, 2].map(() => stitchInMemory(table, { config: boundless }));
          const twice = [...events, ...events];
          const order = gen(fc.shuffledSubarray, twice, { minLength: twice.length, maxLength: twice.length });
          const half = Math.ceil(order.length / 2);
          const batches = [order.slice(0, half), order.slice(half)].filter(({ length }) => length > 0);
          await Promise.all(batches.map((batch, n) => workers[n]?.handler(kinesisEvent([recordOf(batch)], n * 100))));
          const plain = new MemoryTable();
          await stitchInMemory(plain, { config: boundless }).handler(kinesisEvent([recordOf(left)]));
          expect(peopleIn(table)).toEqual(peopleIn(plain));
          const dropped = workers.flatMap(({ suppressed }) => suppressed).length;
          expect(dropped).toBe(2 * (events.length - left.length));
        },
      ),
      { numRuns: numRuns(300) },
    ));
});

/** Each person by what they are called, and how much was said by them. */
const peopleIn = (table: MemoryTable): string[] =>
  table
    .live()
    .map(({ identifiers, eventCount }) => JSON.stringify([[...identifiers.keys()].sort(), eventCount]))
    .sort();
