import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { planUnmerge } from '../../../lambdas/core/operations/plan-unmerge.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({
  segments: [{ key: 'pro', name: 'Pro', where: trait('plan').equals('pro') }],
  identity: { limits: {}, defaultLimit: 1000 },
});

/** A table, and time that goes by with each thing that is done. */
function world() {
  const table = new MemoryTable();
  let now = 100;
  const newProfileId = () => `p${++now}`;
  const stated: ReturnType<typeof eventOf>[] = [];
  const take = async (event: ReturnType<typeof eventOf>): Promise<number> => {
    const sightings = sight([event], config);
    const plan = planStitch(
      sightings,
      await table.load(sightings.flatMap(({ identifiers }) => identifiers)),
      config,
      newProfileId,
    );
    for (const write of plan.writes) await table.write(write);
    return plan.writes.length;
  };
  const say = async (messageId: string, at: number, fields: object) => {
    const event = eventOf({ type: 'identify', messageId, timestamp: minute(at), receivedAt: minute(++now), ...fields });
    stated.push(event);
    await take(event);
  };
  const whose = async (id: Identifier) => (await table.load([id])).get(id)?.profile as Profile;
  const part = async (id: Identifier, link = false) => {
    const owner = table.owners.get(id) ?? '';
    const live = (await table.load([id])).get(id);
    if (live === undefined) throw new Error(`nobody has ${id}`);
    const cause = { messageId: 'operator', timestamp: minute(now), at: minute(++now) };
    const whole = { live, tombstones: table.tombstonesIn(live.profile), owners: table.owners };
    const plan = planUnmerge(whole, link ? { identifier: id, owner } : { profileId: owner }, {
      cause,
      config,
      newProfileId,
    });
    if (plan.kind === 'refused') throw new Error(plan.reason);
    await table.unmerge(plan.write);
  };
  return { table, stated, take, say, whose, part };
}

/** Ann and Bob are made one; then something is said to Ann, late or in time; then Bob is parted from her. */
async function annWithoutBob({ ann = {}, bob = {}, since = {} }: Case, at: number) {
  const { say, whose, part } = world();
  await say('m1', 10, { userId: 'ann', ...ann });
  await say('m2', 20, { userId: 'bob', ...bob });
  await say('m3', 5, { type: 'alias', userId: 'ann', previousId: 'tablet' });
  await say('m4', 5, { type: 'alias', userId: 'bob', previousId: 'tablet' });
  await say('m5', at, { userId: 'ann', ...since });
  await part('user_id:bob');
  return { ann: await whose('user_id:ann'), bob: await whose('user_id:bob') };
}

interface Case {
  readonly ann?: object;
  readonly bob?: object;
  readonly since?: object;
}
const plan = (value: unknown) => ({ traits: { plan: value } });
const came = (source: string) => ({ context: { campaign: { source } } });
const group = { type: 'group', groupId: 'acme' };
const nameOf = (profile: Profile, name: string) => profile.traits.get(name)?.value;

describe.each([
  { when: 'late, before what the other said', at: 15 },
  { when: 'in the order of time', at: 30 },
])('what was said since the merge, $when, stays with the survivor', ({ at }) => {
  it.each<{ name: string; stated: Case; of: (profile: Profile) => unknown; ann: unknown; bob: unknown }>([
    { name: 'a trait', stated: { bob: plan('b'), since: plan('s') }, of: (p) => nameOf(p, 'plan'), ann: 's', bob: 'b' },
    {
      name: 'a trait that she had',
      stated: { ann: plan('a'), bob: plan('b'), since: plan('s') },
      of: (p) => nameOf(p, 'plan'),
      ann: 's',
      bob: 'b',
    },
    {
      name: 'a trait that was taken away',
      stated: { ann: plan('a'), bob: plan('b'), since: plan(null) },
      of: (p) => nameOf(p, 'plan'),
      ann: null,
      bob: 'b',
    },
    {
      name: 'a segment',
      stated: { bob: plan('pro'), since: plan('pro') },
      of: (p) => [...p.segments],
      ann: [['pro', minute(107)]],
      bob: [['pro', minute(103)]],
    },
    {
      name: 'an account',
      stated: { bob: group, since: group },
      of: (p) => [...p.accounts.values()].map(({ first, last }) => [first, last]),
      ann: [[minute(at), minute(at)]],
      bob: [[minute(20), minute(20)]],
    },
    {
      name: 'the first touch',
      stated: { bob: came('mail'), since: came('search') },
      of: (p) => p.touches.first?.messageId,
      ann: 'm5',
      bob: 'm2',
    },
    {
      name: 'the last touch',
      stated: { bob: came('mail'), since: came('search') },
      of: (p) => p.touches.last?.messageId,
      ann: 'm5',
      bob: 'm2',
    },
    {
      name: 'the touches beside hers',
      stated: { ann: came('ad'), bob: came('mail'), since: came('search') },
      of: (p) => [p.touches.first?.messageId, p.touches.last?.messageId],
      ann: ['m1', 'm5'],
      bob: ['m2', 'm2'],
    },
    {
      name: 'the latest events',
      stated: {},
      of: (p) => p.recent.map(({ messageId }) => messageId),
      ann: ['m5', 'm1', 'm4', 'm3'],
      bob: ['m2'],
    },
    {
      name: 'the count, with its marks',
      stated: {},
      of: (p) => [p.eventCount, p.marks.size],
      ann: [4, 4],
      bob: [1, 1],
    },
    {
      name: 'when she was seen',
      stated: {},
      of: (p) => [p.firstSeen, p.lastSeen],
      ann: [minute(5), minute(at)],
      bob: [minute(5), minute(20)],
    },
  ])('$name', async ({ stated, of, ann, bob }) => {
    const people = await annWithoutBob(stated, at);
    expect([of(people.ann), of(people.bob)]).toEqual([ann, bob]);
  });
});

it('has room again for what the other had pushed out, and so has the other', async () => {
  const { say, whose, part } = world();
  const long = (name: string) => ({
    traits: Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`${name} ${n}`, 'x'.repeat(7000)])),
  });
  await say('m1', 10, { userId: 'ann', ...long('ann') });
  await say('m2', 20, { userId: 'bob', ...long('bob') });
  await say('m3', 30, { userId: 'ann', anonymousId: 'tablet' });
  await say('m4', 30, { userId: 'bob', anonymousId: 'tablet' });
  expect((await whose('user_id:ann')).traits.get('ann 0')?.value).toBeNull();
  await say('m5', 5, { userId: 'ann', traits: { late: 1 } });
  await part('user_id:bob');
  const [ann, bob] = [await whose('user_id:ann'), await whose('user_id:bob')];
  expect([...ann.traits.values(), ...bob.traits.values()].filter(({ value }) => value === null)).toEqual([]);
  expect([ann.traits.size, bob.traits.size, nameOf(ann, 'late')]).toEqual([6, 5, 1]);
  expect([ann.horizons, bob.horizons]).toEqual([undefined, undefined]);
});

describe('a message that comes again counts for neither', () => {
  it('after a merge was undone, whomever it leads to now', async () => {
    const { table, stated, take, say, part } = world();
    await say('m1', 10, { userId: 'ann' });
    await say('m2', 20, { userId: 'bob' });
    await say('m3', 30, { userId: 'ann', anonymousId: 'tablet' });
    await say('m4', 30, { userId: 'bob', anonymousId: 'tablet' });
    await say('m5', 40, { userId: 'bob', traits: { plan: 'pro' } });
    await part('user_id:bob');
    const [items, writes] = [new Map(table.items), table.writes];
    for (const event of stated) expect([event.messageId, await take(event)]).toEqual([event.messageId, 0]);
    expect([table.items, table.writes]).toEqual([items, writes]);
    expect(table.live().map(({ eventCount }) => eventCount)).toEqual([4, 1]);
  });

  it('after an identifier was given a profile of its own, and after that one merged with another', async () => {
    const { table, stated, take, say, part, whose } = world();
    await say('m1', 10, { userId: 'ann', anonymousId: 'tablet' });
    await say('m2', 20, { anonymousId: 'tablet', traits: { plan: 'pro' } });
    await part('anonymous_id:tablet', true);
    for (const event of stated) expect([event.messageId, await take(event)]).toEqual([event.messageId, 0]);
    await say('m3', 30, { userId: 'bob', anonymousId: 'tablet' });
    for (const event of stated) expect([event.messageId, await take(event)]).toEqual([event.messageId, 0]);
    expect(
      table
        .live()
        .map(({ eventCount }) => eventCount)
        .sort(),
    ).toEqual([1, 2]);
    expect((await whose('anonymous_id:tablet')).eventCount).toBe(1);
  });

  it('but what is known of the other fades with the marks', async () => {
    const { say, part, whose } = world();
    await say('m1', 10, { userId: 'ann', anonymousId: 'tablet' });
    await part('anonymous_id:tablet', true);
    expect((await whose('anonymous_id:tablet')).heard.size).toBe(1);
    await say('m2', 20, { anonymousId: 'tablet', receivedAt: minute(100 + 26 * 60) });
    expect((await whose('anonymous_id:tablet')).heard.size).toBe(0);
  });
});
