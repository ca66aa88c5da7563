import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { planUnmerge } from '../../../lambdas/core/operations/plan-unmerge.ts';
import { hourOf, markWindow } from '../../../lambdas/core/profile/message-marks.ts';
import type { NewProfileId } from '../../../lambdas/core/profile/new-profile-id.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import type { Sighting } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

/** Limits, windows, caps and a breaker that bind on what the generator below makes. */
const tight = configOf({
  identity: {
    limits: { user_id: { max: 1 }, email: { max: 1, window: 'weekly' }, anonymous_id: { max: 2, window: 'weekly' } },
    defaultLimit: 2,
    caps: { identifiers: 7, merges: 3 },
    breaker: { merges: 2, minutes: 60 },
  },
  segments: [{ key: 'pro', name: 'Pro', where: { trait: 'plan', operator: 'equals', value: 'pro' } }],
});
type Config = typeof tight;

const hour = (n: number): string => new Date(Date.UTC(2026, 4, 1) + n * 3_600_000).toISOString();
const counter = (): NewProfileId => {
  let made = 0;
  return (createdAt) => `${createdAt}-${String(++made).padStart(6, '0')}`;
};

/** A table and what may be done to it; `capped` are the events that it did not take in. */
function world(config: Config = tight) {
  const [table, newProfileId, capped] = [new MemoryTable(), counter(), new Set<Event>()];
  async function take(batch: readonly Event[]): Promise<void> {
    let open: readonly Sighting[] = sight(batch, config).filter(({ identifiers }) => identifiers.length > 0);
    while (open.length > 0) {
      const plan = planStitch(open, await table.load(ownerNames(open)), config, newProfileId);
      for (const write of plan.writes) expect(await table.write(write)).toEqual({ kind: 'written' });
      for (const { sighting } of plan.capped) capped.add(sighting.event);
      open = plan.deferred;
    }
  }
  /** Undoes some merge, or some link where there is none. */
  async function part(nth: number, at: string): Promise<void> {
    const owners = [...table.owners];
    const merged = [...table.tombstones.keys()].map((profileId) => ({ profileId, start: profileId }));
    const linked = owners.map(([identifier, owner]) => ({ identifier, owner, start: owner }));
    const { start, ...target } = [...merged, ...linked][nth % (merged.length + linked.length)] ?? {
      start: '',
      profileId: '',
    };
    const live = [...table.items.values()].find(
      (item) => item.kind === 'profile' && (item.profile.profileId === start || item.profile.merged.has(start)),
    );
    if (live?.kind !== 'profile') return;
    const whole = { live, tombstones: table.tombstonesIn(live.profile), owners: table.owners };
    const planned = planUnmerge(whole, target, {
      cause: { messageId: `operator-${at}`, timestamp: at, at },
      config,
      newProfileId,
    });
    if (planned.kind === 'planned') expect(await table.unmerge(planned.write)).toEqual({ kind: 'written' });
  }
  return { table, capped, take, part };
}

const again = (event: Event, replayed: 'raw' | 'quarantine' = 'raw'): Event => ({ ...event, replayed });

/** What one person may do at one moment; `wait` hours after what came before, and `late` hours older than that. */
const someStep = fc.record({
  wait: fc.constantFrom(0, 0, 1, 5, 30, 200),
  late: fc.constantFrom(0, 0, 0, 3, 40, 300),
  type: fc.constantFrom('identify', 'identify', 'track', 'group'),
  userId: fc.option(fc.constantFrom('u1', 'u2', 'u3'), { nil: undefined }),
  anonymousId: fc.option(fc.constantFrom('a1', 'a2', 'a3', 'a4', 'a5'), { nil: undefined }),
  email: fc.option(fc.constantFrom('x@x.org', 'y@x.org', 'z@x.org'), { nil: undefined }),
  plan: fc.constantFrom('free', 'pro', null),
  ads: fc.option(fc.boolean(), { nil: undefined }),
  campaign: fc.boolean(),
  parts: fc.option(fc.nat({ max: 20 }), { nil: undefined, freq: 6 }),
  /** Events that are taken in before it, though they were received after it. */
  heldUp: fc.constantFrom(0, 0, 0, 0, 6, 20),
  /**
   * Hours after which the client sends it again, with another time by some milliseconds; it comes through after so many
   * events.
   */
  resent: fc.option(
    fc.record({ after: fc.constantFrom(1, 3), skew: fc.constantFrom(-70, 0, 5), turns: fc.constantFrom(0, 8) }),
    {
      nil: undefined,
      freq: 5,
    },
  ),
});
type Step = typeof someStep extends fc.Arbitrary<infer Value> ? Value : never;
interface Happening {
  readonly event: Event;
  readonly parts: number | undefined;
  readonly turn: number;
}

function historyOf(steps: readonly Step[]): Happening[] {
  let now = 1000;
  const happenings = steps.flatMap(
    ({ wait, late, type, userId, anonymousId, email, plan, ads, campaign, parts, heldUp, resent }, n) => {
      now += wait;
      if (userId === undefined && anonymousId === undefined) return [];
      const stated = {
        ...(type === 'group' && { groupId: 'acme' }),
        ...(type === 'track' ? {} : { traits: { plan, ...(email && { email }) } }),
      };
      const context = {
        ...(ads !== undefined && { consent: { categoryPreferences: { ads } } }),
        ...(campaign && { campaign: { source: `mail${n}` } }),
      };
      const times = { timestamp: hour(now - late), receivedAt: hour(now + n / 1000) };
      const event = eventOf({ messageId: `m${n}`, type, userId, anonymousId, context, ...stated, ...times });
      const first = { event, parts, turn: n + heldUp };
      if (resent === undefined) return [first];
      const timestamp = new Date(Date.parse(times.timestamp) + resent.skew).toISOString();
      return [
        first,
        {
          event: { ...event, timestamp, receivedAt: hour(now + resent.after) } as Event,
          parts: undefined,
          turn: n + resent.turns,
        },
      ];
    },
  );
  return happenings.sort((a, b) => a.turn - b.turn);
}

describe('a replay of what was applied', () => {
  it.each([
    { name: 'while people merge, and limits, caps and the breaker bind', unmerges: false },
    { name: 'while operators undo merges and links, too', unmerges: true },
  ])('changes nothing, whichever events, in whatever order and however often, $name', ({ unmerges }) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(someStep, { maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.nat()),
        async (steps, chance) => {
          const pick = (below: number): number => (chance.next().value as number) % below;
          const { table, capped, take, part } = world();
          const history = historyOf(steps);
          for (let at = 0, size = 0; at < history.length; at += size) {
            size = 1 + pick(5);
            const batch = history.slice(at, at + size);
            await take(batch.map(({ event }) => event));
            for (const { event, parts } of batch)
              if (unmerges && parts !== undefined) await part(parts, event.receivedAt);
          }
          const aside = new Set([...capped].map(({ messageId }) => messageId));
          const applied = history.map(({ event }) => event).filter(({ messageId }) => !aside.has(messageId));
          const [before, writes] = [new Map(table.items), table.writes];
          for (let round = 0; round < 4 && applied.length > 0; round++) {
            const chosen = applied
              .filter(() => pick(3) > 0)
              .map((event) => ({ event: again(event), place: pick(1000) }));
            await take(chosen.sort((a, b) => a.place - b.place).map(({ event }) => event));
            await take([again(applied[pick(applied.length)] as Event)]);
          }
          expect(table.items).toEqual(before);
          expect(table.writes).toBe(writes);
        },
      ),
      { numRuns: numRuns(250) },
    ),
  );
});

/**
 * Ann was seen when the world began, ten times two days later, and at the hundredth hour, so what came before the 76th
 * is beyond her marks.
 */
async function ann(config: Config = configOf()) {
  const one = world(config);
  await one.take([annSays({ messageId: 'first', timestamp: hour(0), receivedAt: hour(0), traits: { plan: 'free' } })]);
  await one.take(
    Array.from({ length: 10 }, (_, n) =>
      annSays({ messageId: `old ${n}`, timestamp: hour(60 + n), receivedAt: hour(60) }),
    ),
  );
  await one.take([
    annSays({ messageId: 'last', timestamp: hour(100), receivedAt: hour(100), traits: { city: 'Rome' } }),
  ]);
  const person = () =>
    one.table.live().find(({ collection, identifiers }) => collection === 'users' && identifiers.has('user_id:ann'));
  return { ...one, person };
}
const annSays = (fields: Record<string, unknown>): Event =>
  again(
    eventOf({
      type: 'identify',
      messageId: 'lost',
      userId: 'ann',
      timestamp: hour(50),
      receivedAt: hour(50),
      ...fields,
    }),
  );

describe('a replay of what was never applied', () => {
  it.each([
    { name: 'a newer trait', event: annSays({ traits: { plan: 'pro' } }) },
    { name: 'another event among the latest', event: annSays({ timestamp: hour(80) }) },
    { name: 'consent', event: annSays({ context: { consent: { categoryPreferences: { ads: true } } } }) },
    { name: 'an earlier sight', event: annSays({ timestamp: hour(-5), receivedAt: hour(-4) }) },
    { name: 'another account', event: annSays({ type: 'group', groupId: 'acme' }) },
    { name: 'a campaign', event: annSays({ context: { campaign: { source: 'mail' } } }) },
  ])('beyond the marks brings $name, uncounted and unmarked, once', async ({ event }) => {
    const { take, person, table } = await ann();
    const [marks, before] = [person()?.marks, person()];
    await take([event]);
    expect(person()).not.toEqual(before);
    expect(person()).toMatchObject({ eventCount: 12, marks });
    const { writes } = table;
    await take([event]);
    await take([event]);
    expect(table.writes).toBe(writes);
  });

  it('is counted and marked, once, while the marks reach back to it', async () => {
    const { take, person } = await ann();
    const event = annSays({ receivedAt: hour(80) });
    await take([event]);
    await take([event, event]);
    expect(person()).toMatchObject({ eventCount: 13 });
    expect(person()?.marks.size).toBe(2);
  });

  it('makes a profile that counts it, when there is none', async () => {
    const { take, table } = world();
    const lost = [10, 20, 90].map((n) => annSays({ messageId: `m${n}`, timestamp: hour(n), receivedAt: hour(n) }));
    for (const event of [...lost, ...lost]) await take([event]);
    expect(table.live().map(({ eventCount }) => eventCount)).toEqual([3]);
  });

  it('counts nothing of the oldest hour of marks that are full', async () => {
    const { take, person } = await ann();
    const many = Array.from({ length: markWindow.count + 5 }, (_, n) =>
      eventOf({ messageId: `n${n}`, userId: 'ann', receivedAt: hour(n < 10 ? 101 : 102) }),
    );
    await take(many);
    const event = (at: number) =>
      eventOf({ messageId: `lost ${at}`, userId: 'ann', timestamp: hour(200 + at), receivedAt: hour(at) });
    await take([again(event(101))]);
    expect([...(person()?.marks.values() ?? [])].reduce((a, b) => Math.min(a, b))).toBe(hourOf(hour(101)));
    expect(person()).toMatchObject({ eventCount: many.length + 12, lastSeen: hour(301) });
    await take([again(event(102))]);
    expect(person()?.eventCount).toBe(many.length + 13);
  });

  it('brings an account what is new of it', async () => {
    const { take, table } = await ann();
    const group = (messageId: string, at: number, traits: object) =>
      eventOf({
        type: 'group',
        messageId,
        userId: messageId,
        groupId: 'acme',
        traits,
        timestamp: hour(at),
        receivedAt: hour(at),
      });
    await take([group('g1', 1, { seats: 1 })]);
    await take(Array.from({ length: 12 }, (_, n) => group(`g${n + 2}`, 200 + n, { city: n })));
    const account = () => table.live().find(({ collection }) => collection === 'accounts');
    await take([again(group('lost', 100, { seats: 2 }))]);
    expect([account()?.eventCount, account()?.traits.get('seats')?.value]).toEqual([13, 2]);
    const { writes } = table;
    await take(
      [again(group('older', 50, { seats: 3 })), again(group('lost', 100, { seats: 2 }))].map(
        (event) => ({ ...event, userId: 'lost' }) as Event,
      ),
    );
    expect(account()?.traits.get('seats')?.value).toBe(2);
    expect(table.writes).toBe(writes + 1);
  });

  it('of quarantine links what only it says; of the raw zone, where it may have been dropped by a limit, it does not', async () => {
    const { take, person, table } = await ann();
    const event = annSays({ anonymousId: 'phone' });
    await take([event]);
    expect([...(person()?.identifiers.keys() ?? [])]).toEqual(['user_id:ann']);
    await take([again(event, 'quarantine')]);
    expect([...(person()?.identifiers.keys() ?? [])]).toEqual(['user_id:ann', 'anonymous_id:phone']);
    const { writes } = table;
    await take([again(event, 'quarantine'), event]);
    await take([again(event, 'quarantine')]);
    expect(table.writes).toBe(writes);
  });
});

describe('what was applied', () => {
  it('is known in other words by the message id, as when a client sent it again a moment later', async () => {
    const { take, person, table } = await ann();
    const [before, writes] = [person(), table.writes];
    await take([annSays({ messageId: 'first', timestamp: hour(1), receivedAt: hour(2), traits: { plan: 'free' } })]);
    expect([person(), table.writes]).toEqual([before, writes]);
  });

  it.each([
    { name: 'of somebody else', isBarred: false, said: { anonymousId: 'family' } },
    { name: 'of somebody else, from before that was kept apart', isBarred: false, said: {} },
    { name: 'of somebody suppressed', isBarred: true, said: { anonymousId: 'family' } },
    { name: 'of somebody suppressed, from before that was kept apart', isBarred: true, said: {} },
  ])('has said no more of consent than what was said later, on a device $name', async ({ isBarred, said }) => {
    const { take, person, table } = await ann();
    await take([eventOf({ messageId: 'cleo', userId: 'cleo', anonymousId: 'family', receivedAt: hour(0) })]);
    if (isBarred) await table.forPrivacy().suppress('anonymous_id:family');
    const consent = (ads: boolean) => ({ context: { consent: { categoryPreferences: { ads } } } });
    const yes = annSays({ messageId: 'yes', timestamp: hour(101), receivedAt: hour(101), ...said, ...consent(true) });
    await take([{ ...yes, replayed: undefined } as Event]);
    const isApart = 'anonymousId' in said;
    expect([...(person()?.consent.keys() ?? [])]).toEqual([isApart ? 'ads|~user_id:ann' : 'ads|user_id:ann']);
    const { writes } = table;
    await take([annSays({ anonymousId: 'family', ...consent(false) })]);
    expect(table.writes).toBe(writes);
  });

  it('stays where an operator left it, though its identifiers lead elsewhere since', async () => {
    const { take, part, person, table } = await ann();
    await take([
      eventOf({
        type: 'identify',
        messageId: 'bob',
        anonymousId: 'phone',
        timestamp: hour(101),
        receivedAt: hour(101),
      }),
    ]);
    const both = annSays({
      messageId: 'both',
      anonymousId: 'phone',
      timestamp: hour(102),
      receivedAt: hour(102),
      traits: { plan: 'pro' },
    });
    await take([{ ...both, replayed: undefined } as Event]);
    await part(0, hour(103));
    const [items, before] = [new Map(table.items), person()];
    await take([both]);
    expect([table.items, person()]).toEqual([items, before]);
  });

  it('goes where the same identifiers went, when a limit that bound then no longer does', async () => {
    const { take, table, person } = await ann(tight);
    const email = (address: string, at: number) =>
      annSays({ messageId: address, traits: { email: address }, timestamp: hour(at), receivedAt: hour(at) });
    const plain = (event: Event) => ({ ...event, replayed: undefined }) as Event;
    await take([plain(email('x@x.org', 200))]);
    await take([plain(email('y@x.org', 300))]);
    await take([{ ...plain(email('x@x.org', 110)), messageId: 'held up' }]);
    for (let n = 0; n < 10; n++)
      await take([eventOf({ userId: 'ann', messageId: `n${n}`, timestamp: hour(900), receivedAt: hour(900) })]);
    const before = person();
    expect([...(before?.identifiers.keys() ?? [])]).toEqual(['user_id:ann', 'email:x@x.org']);
    const { writes } = table;
    await take([email('y@x.org', 300)]);
    expect([person(), table.writes]).toEqual([before, writes]);
  });
});
