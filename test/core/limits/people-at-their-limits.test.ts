import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { type Identifier, identifiersOf, typeOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../../lambdas/core/stitching/profile-write.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

const dayMs = 86_400_000;
const day = (n: number): string => new Date(Date.UTC(2026, 4, 1) + n * dayMs).toISOString();
const spans = { ever: Number.POSITIVE_INFINITY, weekly: 7 * dayMs, monthly: 30 * dayMs, annually: 365 * dayMs };
type Limits = Readonly<Record<string, { readonly max: number; readonly window: keyof typeof spans }>>;
const types = ['user_id', 'email', 'anonymous_id'];

/**
 * Sets of a profile's identifiers of one type that are together more than a limit allows, told without the code under
 * test: from each link on, all within the window.
 */
function excesses({ identifiers }: Pick<Profile, 'identifiers'>, limits: Limits): Identifier[][] {
  return types.flatMap((type) => {
    const { max, window } = limits[type] ?? { max: 0, window: 'ever' };
    const links = [...identifiers]
      .filter(([id]) => typeOf(id) === type)
      .map(([id, { linked }]) => ({ id, at: Date.parse(linked) }));
    const within = links.map(({ at }) =>
      links.filter((one) => one.at >= at && one.at - at < spans[window]).map(({ id }) => id),
    );
    return within.filter((ids) => ids.length > max);
  });
}

/** What people say: few identifiers of each type, received on any day, in any order. */
const stated = fc.record({
  user: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
  email: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  device: fc.nat({ max: 5 }),
  received: fc.nat({ max: 60 }),
  newBatch: fc.boolean(),
});
const limit = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  window: fc.constantFrom(...(Object.keys(spans) as (keyof typeof spans)[])),
});
const someLimits = fc.record({ user_id: limit, email: limit, anonymous_id: limit });

const eventsOf = (
  history: readonly { user?: number | undefined; email?: number | undefined; device: number; received: number }[],
): Event[] =>
  history.map(({ user, email, device, received }, n) =>
    eventOf({
      ...{ messageId: `m${n}`, anonymousId: `a${device}`, receivedAt: day(received), timestamp: day(received) },
      ...(user !== undefined && { userId: `u${user}` }),
      ...(email !== undefined && { type: 'identify', traits: { email: `p${email}@x.org` } }),
    }),
  );

const under = (limits: Limits): CdpConfig => configOf({ identity: { limits } });

/** Takes a batch in, and gives each write with the profiles that it was made of, as they were stored. */
async function takeIn(
  table: MemoryTable,
  batch: readonly Event[],
  config: CdpConfig,
): Promise<{ write: ProfileWrite; before: Profile[] }[]> {
  const sightings = sight(batch, config);
  const snapshot = await table.load(sightings.flatMap(({ identifiers }) => identifiers));
  let made = 0;
  const { writes } = planStitch(sightings, snapshot, config, (createdAt) => `${createdAt}-${table.writes}-${++made}`);
  const stored = new Map(table.live().map((profile) => [profile.profileId, profile]));
  for (const write of writes) expect(await table.write(write)).toEqual({ kind: 'written' });
  return writes.map((write) => {
    const ids = [write.profile.profileId, ...write.absorbed.map(({ profile }) => profile.profileId)];
    return { write, before: ids.flatMap((id) => stored.get(id) ?? []) };
  });
}

describe('limits judge what an event adds', () => {
  it('no stored state breaks one, or breaks it further, whatever the windows, the order of receipt, and the limits of before', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(stated, { minLength: 1, maxLength: 30 }),
        someLimits,
        someLimits,
        fc.nat({ max: 30 }),
        async (history, first, then, at) => {
          const table = new MemoryTable();
          const events = eventsOf(history);
          const starts = history.flatMap(({ newBatch }, n) => (n === 0 || newBatch || n === at ? [n] : []));
          for (const [n, start] of starts.entries()) {
            const limits: Limits = start < at ? first : then;
            for (const { write, before } of await takeIn(table, events.slice(start, starts[n + 1]), under(limits))) {
              const stood = before.map((profile) => excesses(profile, limits));
              // Those of an excess were one before, in one profile.
              for (const excess of excesses(write.profile, limits))
                expect(stood.some((known) => known.some((one) => excess.every((id) => one.includes(id))))).toBe(true);
            }
          }
        },
      ),
      { numRuns: numRuns(1_000) },
    ));

  it('only where something would break is anything dropped', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(stated, { minLength: 1, maxLength: 20 }),
        someLimits,
        someLimits,
        fc.nat({ max: 20 }),
        async (history, first, then, at) => {
          const table = new MemoryTable();
          for (const [n, event] of eventsOf(history).entries()) {
            const limits: Limits = n < at ? first : then;
            const ids = identifiersOf(event, under(limits).identity, 'US').usable;
            const named = table.live().filter(({ identifiers }) => ids.some((id) => identifiers.has(id)));
            const [{ write } = { write: undefined }] = await takeIn(table, [event], under(limits));
            const union = new Map(named.flatMap(({ identifiers }) => [...identifiers]));
            for (const id of ids)
              if (!union.has(id)) union.set(id, { first: day(0), last: day(0), linked: event.receivedAt });
            const stood = named.map((profile) => excesses(profile, limits));
            const isNew = (excess: readonly Identifier[]) =>
              !stood.some((known) => known.some((one) => excess.every((id) => one.includes(id))));
            const breaks = excesses({ identifiers: union }, limits).some(isNew);
            expect(write?.log.some(({ kind }) => kind === 'drop')).toBe(breaks);
          }
        },
      ),
      { numRuns: numRuns(1_000) },
    ));

  it('where none binds, since when an identifier is linked is the same in every order', () =>
    fc.assert(
      fc.asyncProperty(fc.array(stated, { minLength: 1, maxLength: 15 }), fc.gen(), async (history, gen) => {
        const wide = under({
          user_id: { max: 9, window: 'weekly' },
          email: { max: 9, window: 'monthly' },
          anonymous_id: { max: 9, window: 'weekly' },
        });
        const events = eventsOf(history);
        const other = gen(fc.shuffledSubarray, events, { minLength: events.length, maxLength: events.length });
        const linksOf = async (batch: readonly Event[]) => {
          const table = new MemoryTable();
          for (const event of batch) await takeIn(table, [event], wide);
          return table
            .live()
            .flatMap(({ identifiers }) => [...identifiers].map(([id, { linked }]) => `${id} ${linked}`))
            .sort();
        };
        expect(await linksOf(other)).toEqual(await linksOf(events));
      }),
    ));
});

interface Case {
  readonly limits: Limits;
  /** Of each profile, oldest first, the day on which each identifier was linked. */
  readonly profiles: readonly Readonly<Record<string, number>>[];
  readonly identifiers: readonly Identifier[];
  readonly day: number;
}

it.each(sharedCases<Case, { linked: Record<string, number>; dropped: [string, string][] }>('identity/limits'))(
  '$name',
  ({ input, expected }) => {
    const profiles = input.profiles.map((links, n): Profile => {
      const seen = Object.entries(links).map(
        ([id, at]) => [id as Identifier, { first: day(at), last: day(at), linked: day(at) }] as const,
      );
      return { ...newProfile(`p${n}`, eventOf({ receivedAt: day(n - 99) })), identifiers: new Map(seen) };
    });
    const snapshot = new Map(
      profiles.flatMap((profile) => [...profile.identifiers.keys()].map((id) => [id, { profile, version: 1 }])),
    );
    const sighting = {
      event: eventOf({ receivedAt: day(input.day) }),
      collection: 'users' as const,
      identifiers: input.identifiers,
      blocked: [],
    };
    const [write] = planStitch([sighting], snapshot, under(input.limits), () => 'made').writes;
    const linked = [...(write?.profile.identifiers ?? [])].map(([id, seen]) => [
      id,
      (Date.parse(seen.linked) - Date.parse(day(0))) / dayMs,
    ]);
    const dropped = write?.log.filter(({ kind }) => kind === 'drop').map(({ identifier, rule }) => [identifier, rule]);
    expect({ linked: Object.fromEntries(linked), dropped }).toEqual(expected);
  },
);

describe('a profile that breaks a limit, for the limit was lowered,', () => {
  const lowered = configOf({ identity: { defaultLimit: 3 } });
  const devices = ['anonymous_id:d1', 'anonymous_id:d2', 'anonymous_id:d3', 'anonymous_id:d4', 'anonymous_id:d5'];
  const full = async () => {
    const table = new MemoryTable();
    await takeIn(
      table,
      devices.map((id) => eventOf({ userId: 'ann', anonymousId: id.slice(13) })),
      configOf(),
    );
    expect([...(table.live()[0]?.identifiers.keys() ?? [])].sort()).toEqual([...devices, 'user_id:ann']);
    return table;
  };
  const afterTaking = async (...events: Event[]) => {
    const table = await full();
    const log = [];
    for (const event of events) log.push(...(await takeIn(table, [event], lowered)).flatMap(({ write }) => write.log));
    const drops = log.filter(({ kind }) => kind === 'drop').map(({ identifier, rule }) => [identifier, rule]);
    return { people: table.live().map(({ identifiers }) => [...identifiers.keys()].sort()), drops };
  };

  it('takes on identifiers of other types', async () =>
    expect(
      await afterTaking(
        eventOf({ type: 'identify', userId: 'ann', anonymousId: 'd1', traits: { email: 'ann@x.org' } }),
      ),
    ).toEqual({
      people: [[...devices, 'email:ann@x.org', 'user_id:ann']],
      drops: [],
    }));

  it('takes on none of that type', async () =>
    expect(
      await afterTaking(
        eventOf({ type: 'identify', userId: 'ann', anonymousId: 'd6', traits: { email: 'ann@x.org' } }),
      ),
    ).toEqual({
      people: [[...devices, 'email:ann@x.org', 'user_id:ann']],
      drops: [['anonymous_id:d6', 'limit anonymous_id 3 ever']],
    }));

  it('merges with one that has none of that type', async () =>
    expect(
      await afterTaking(
        eventOf({ type: 'identify', userId: 'null', traits: { email: 'ann@x.org', phone: '+12015550123' } }),
        eventOf({ type: 'identify', anonymousId: 'd2', traits: { email: 'ann@x.org' } }),
      ),
    ).toEqual({ people: [[...devices, 'email:ann@x.org', 'phone:+12015550123', 'user_id:ann']], drops: [] }));

  it('merges with none that has one of that type', async () =>
    expect(
      await afterTaking(
        eventOf({ type: 'identify', anonymousId: 'd6', traits: { email: 'ann@x.org' } }),
        eventOf({ type: 'identify', anonymousId: 'd2', traits: { email: 'ann@x.org' } }),
      ),
    ).toEqual({
      people: [
        [...devices, 'user_id:ann'],
        ['anonymous_id:d6', 'email:ann@x.org'],
      ],
      drops: [['anonymous_id:d2', 'limit anonymous_id 3 ever']],
    }));
});

describe('since when an identifier is linked', () => {
  const weekly = configOf({ identity: { limits: { email: { max: 2, window: 'weekly' } } } });
  const at = (email: string, n: number) =>
    eventOf({ type: 'identify', userId: 'ann', traits: { email: `${email}@x.org` }, receivedAt: day(n) });
  const linked = async (...events: Event[]) => {
    const table = new MemoryTable();
    for (const event of events) await takeIn(table, [event], weekly);
    const days = (isoTime: string) => (Date.parse(isoTime) - Date.parse(day(0))) / dayMs;
    return table
      .live()
      .flatMap(({ identifiers }) =>
        [...identifiers].flatMap(([id, seen]) => (typeOf(id) === 'email' ? [[id, days(seen.linked)]] : [])),
      );
  };

  it.each([
    {
      name: 'goes back where the window has room',
      events: [at('a', 1), at('b', 20), at('b', 3)],
      links: { a: 1, b: 3 },
    },
    {
      name: 'stays where it would be one too many',
      events: [at('a', 1), at('b', 2), at('c', 20), at('c', 3)],
      links: { a: 1, b: 2, c: 20 },
    },
    {
      name: 'stays where later ones would be too many',
      events: [at('a', 5), at('b', 6), at('c', 20), at('c', 4)],
      links: { a: 5, b: 6, c: 20 },
    },
    {
      name: 'goes back past them',
      events: [at('a', 10), at('b', 11), at('c', 20), at('c', 3)],
      links: { a: 10, b: 11, c: 3 },
    },
    { name: 'never goes on', events: [at('a', 1), at('a', 9)], links: { a: 1 } },
  ])('$name', async ({ events, links }) =>
    expect(Object.fromEntries(await linked(...events))).toEqual(
      Object.fromEntries(Object.entries(links).map(([name, n]) => [`email:${name}@x.org`, n])),
    ),
  );
});
