import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const stated = { messageId: 'm1', userId: 'u', anonymousId: 'a' };
const marked = (fields: Record<string, unknown>): string => markOf(eventOf({ ...stated, ...fields }));

describe('one message', () => {
  it.each([
    { name: 'received later', fields: { receivedAt: minute(9) } },
    { name: 'sent later, so that its time differs', fields: { sentAt: minute(9), timestamp: minute(8) } },
    { name: 'come from another address', fields: { context: { ip: '10.0.0.1', userAgent: 'x' } } },
    { name: 'in other words of the same sender', fields: { event: 'Order Completed', properties: { revenue: 1 } } },
    { name: 'a replay', fields: { replayed: 'raw' } },
  ])('is one when it is $name', ({ fields }) => expect(marked(fields)).toBe(marked({})));

  it.each([
    { name: 'another source', fields: { sourceId: 'app' } },
    { name: 'another id', fields: { messageId: 'm2' } },
    { name: 'another user', fields: { userId: 'v' } },
    { name: 'no user', fields: { userId: undefined } },
    { name: 'another device', fields: { anonymousId: 'b' } },
    { name: 'names that are cut otherwise', fields: { userId: 'ua', anonymousId: undefined } },
    { name: 'an account', fields: { type: 'group', groupId: 'g' } },
    { name: 'a former name', fields: { type: 'alias', previousId: 'g' } },
    { name: 'an address', fields: { type: 'identify', traits: { email: 'ann@x.org' } } },
    { name: 'a number', fields: { type: 'identify', traits: { phone: 491701234567 } } },
    { name: 'an address in its context', fields: { context: { traits: { email: 'ann@x.org' } } } },
    { name: 'a device in its context', fields: { context: { device: { id: 'd' } } } },
    { name: 'an advertising id', fields: { context: { device: { advertisingId: 'd' } } } },
    {
      name: 'an id of another system',
      fields: { context: { externalIds: [{ id: '1', type: 'crm', collection: 'users', encoding: 'none' }] } },
    },
  ])('is not one with that of $name', ({ fields }) => expect(marked(fields)).not.toBe(marked({})));

  it('is told by an account apart from a former name', () =>
    expect(marked({ type: 'group', groupId: 'g' })).not.toBe(marked({ type: 'alias', previousId: 'g' })));

  it('is told whatever is in the place of an object', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const context = { traits: value, device: value, externalIds: value };
        expect(marked({ context })).toBe(marked({ context: structuredClone(context), receivedAt: minute(1) }));
      }),
    ));
});

const wide = configOf({
  identity: {
    limits: { user_id: { max: 1000 } },
    defaultLimit: 1000,
    breaker: { merges: 1000 },
    caps: { merges: 1000 },
  },
});

/** What few people say by few message ids through two sources; many are of a shared device that names nobody. */
const someCall = fc.record({
  person: fc.nat({ max: 3 }),
  messageId: fc.constantFrom('m0', 'm1', 'm1', 'm2'),
  sourceId: fc.constantFrom('shop', 'app'),
  names: fc.constantFrom('user', 'device', 'both', 'guest', 'kiosk'),
  type: fc.constantFrom('identify', 'identify', 'track', 'group', 'alias'),
  email: fc.boolean(),
  plan: fc.constantFrom('free', 'pro'),
  copies: fc.constantFrom(1, 1, 2, 3),
});
type Call = typeof someCall extends fc.Arbitrary<infer Value> ? Value : never;

function eventsOf(call: Call, n: number): Event[] {
  const { person, messageId, sourceId, names, type, email, plan, copies } = call;
  const ids = {
    ...{
      user: { userId: `u${person}` },
      device: { anonymousId: `a${person}` },
      both: { userId: `u${person}`, anonymousId: `a${person}` },
    },
    ...{ guest: { anonymousId: 'guest' }, kiosk: { userId: `u${person}`, anonymousId: 'guest' } },
  }[names];
  const own = type === 'identify' ? { traits: { plan, ...(email && { email: `p${person}@x.org` }) } } : {};
  const more =
    type === 'group' ? { groupId: `g${person % 2}` } : type === 'alias' ? { previousId: `a${(person + 1) % 4}` } : {};
  // Each copy is received, sent and stamped at a time of its own, as from another address.
  const times = (copy: number) => ({
    timestamp: new Date(Date.parse(minute(n)) + copy).toISOString(),
    receivedAt: minute(100 + n + copy),
    context: { ip: String(copy) },
  });
  return Array.from({ length: copies }, (_, copy) =>
    eventOf({ messageId, sourceId, type, ...ids, ...own, ...more, ...times(copy) }),
  );
}

async function folded(table: MemoryTable, batches: readonly (readonly Event[])[]): Promise<MemoryTable> {
  let made = 0;
  for (const batch of batches) {
    const sightings = sight(batch, wide).filter(({ identifiers }) => identifiers.length > 0);
    const snapshot = await table.load(ownerNames(sightings));
    const plan = planStitch(
      sightings,
      snapshot,
      wide,
      (at) => `${at}-${table.writes}-${String(++made).padStart(4, '0')}`,
    );
    for (const write of plan.writes) expect((await table.write(write)).kind).toBe('written');
  }
  return table;
}

const counted = (table: MemoryTable): string[] =>
  table
    .live()
    .map(({ identifiers, eventCount, marks }) => `${[...identifiers.keys()].sort()}: ${eventCount} ${marks.size}`)
    .sort();

/**
 * Counts by sets: whoever shares a name is one, and of each the different messages count, told by all that is said but
 * when and from where.
 */
function expectedOf(events: readonly Event[]): string[] {
  const stated = events.flatMap((event) => {
    const { type, sourceId, messageId, userId, anonymousId, previousId, groupId, traits } = event as unknown as Record<
      string,
      string
    >;
    const { email } = (type === 'identify' ? traits : {}) as { email?: string };
    const key = JSON.stringify([
      sourceId,
      messageId,
      userId,
      anonymousId,
      type === 'alias' && previousId,
      type === 'group' && groupId,
      email,
    ]);
    const ids = [
      userId && `user_id:${userId}`,
      anonymousId !== 'guest' && anonymousId && `anonymous_id:${anonymousId}`,
    ];
    const names = [...ids, type === 'alias' && `anonymous_id:${previousId}`, email && `email:${email}`].filter(
      (id) => typeof id === 'string',
    );
    return names.length === 0
      ? []
      : [{ key, names }, ...(type === 'group' ? [{ key, names: [`group_id:${groupId}`] }] : [])];
  });
  const groups: { names: Set<string>; keys: Set<string> }[] = [];
  for (const { key, names } of stated) {
    const met = groups.filter((group) => names.some((name) => group.names.has(name)));
    for (const group of met) groups.splice(groups.indexOf(group), 1);
    const whole = [{ names: new Set(names), keys: new Set([key]) }, ...met];
    groups.push({
      names: new Set(whole.flatMap((group) => [...group.names])),
      keys: new Set(whole.flatMap((group) => [...group.keys])),
    });
  }
  return groups.map(({ names, keys }) => `${[...names].sort()}: ${keys.size} ${keys.size}`).sort();
}

const inReceipt = (events: readonly Event[]): Event[] =>
  [...events].sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
const again = (events: readonly Event[]): Event[] => events.map((event) => ({ ...event, replayed: 'raw' }) as Event);

it('counts each message of each person and source once, in any order, again and again, replayed and rebuilt', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(someCall, { minLength: 1, maxLength: 25 }),
      fc.infiniteStream(fc.nat()),
      async (calls, chance) => {
        const pick = (below: number): number => (chance.next().value as number) % below;
        const events = calls.flatMap(eventsOf);
        const shuffled = events.map((event) => ({ event, place: pick(1000) })).sort((a, b) => a.place - b.place);
        const batches: Event[][] = [[]];
        for (const { event } of shuffled) pick(3) === 0 ? batches.push([event]) : batches.at(-1)?.push(event);
        const [table, expected] = [await folded(new MemoryTable(), batches), expectedOf(events)];
        expect(counted(table)).toEqual(expected);
        const { writes } = table;
        await folded(table, [again(inReceipt(events)), ...batches]);
        expect([counted(table), table.writes]).toEqual([expected, writes]);
        expect(
          counted(
            await folded(
              new MemoryTable(),
              inReceipt(events).map((event) => [event]),
            ),
          ),
        ).toEqual(expected);
        expect(counted(await folded(new MemoryTable(), [again(inReceipt(events))]))).toEqual(expected);
      },
    ),
    { numRuns: numRuns(400) },
  ));
