import { describe, expect, it } from 'vitest';
import { readQuery } from '../../../lambdas/core/apis/profile-query.ts';
import { traitsOf } from '../../../lambdas/core/apis/profile-traits.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { asGroup } from '../../../lambdas/core/destinations/audience-event.ts';
import { tellingsOf } from '../../../lambdas/core/destinations/tellings.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { sum } from '../../../lambdas/core/segments/language/compute.ts';
import { did } from '../../../lambdas/core/segments/language/events.ts';
import { all, identifier, inSegment, knownFor, trait } from '../../../lambdas/core/segments/language/people.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../../lambdas/core/stitching/profile-write.ts';
import { planWake } from '../../../lambdas/core/stitching/wake.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({
  segments: [
    { key: 'pro', name: 'Pro', of: 'accounts', where: trait('plan').equals('pro') },
    { key: 'busy', name: 'Busy', of: 'accounts', where: did('Paid').atLeast(2).within('1h') },
    {
      key: 'settled',
      name: 'Settled',
      of: 'accounts',
      where: all(inSegment('pro'), knownFor('10m'), identifier('group_id').exists()),
    },
    { key: 'payers', name: 'Payers', where: did('Paid') },
  ],
  traits: [{ key: 'earned', of: 'accounts', compute: sum('Paid', 'amount') }],
});

/** The writes of one event after another; each message comes at the minute in which it was sent. */
async function play(rules: CdpConfig, ...events: readonly Record<string, unknown>[]) {
  const table = new MemoryTable();
  const writes: ProfileWrite[] = [];
  let made = 0;
  for (const [at, fields] of events.entries()) {
    const event = eventOf({ userId: 'ann', timestamp: minute(at), receivedAt: minute(at), ...fields });
    const sightings = sight([event], rules);
    const snapshot = await table.load(ownerNames(sightings));
    const plan = planStitch(sightings, snapshot, rules, (_at, of) => `${of === 'users' ? 'per' : 'acc'}_${++made}`);
    for (const write of plan.writes) expect((await table.write(write)).kind).toBe('written');
    writes.push(...plan.writes);
  }
  return { table, writes };
}
const accountIn = ({ table }: { table: MemoryTable }): Profile =>
  table.live().find(({ collection }) => collection === 'accounts') as Profile;
const paid = (amount: number, context: object = { groupId: 'acme' }) => ({
  event: 'Paid',
  properties: { amount },
  context,
});
const joined = (traits: object = {}) => ({ type: 'group', groupId: 'acme', traits });

describe('an account', () => {
  it('is in its segments by its own write, tells so, and is due when time changes them', async () => {
    const played = await play(config, joined({ plan: 'pro' }), paid(10), paid(20));
    const account = accountIn(played);
    expect(Object.fromEntries(account.segments)).toEqual({ pro: minute(0), busy: minute(2) });
    const told = played.writes.flatMap(({ profile, changes }) =>
      changes.map(({ segment, change }) => `${profile.collection} ${segment} ${change}`),
    );
    expect(told).toEqual(['accounts pro entered', 'users payers entered', 'accounts busy entered']);
    expect(account.dueAt).toBe(Date.parse(minute(10)));
    const { profile, changes } = planWake({ profile: account, version: 1 }, config, minute(10));
    expect([[...profile.segments.keys()], changes, profile.dueAt]).toEqual([
      ['pro', 'busy', 'settled'],
      [{ segment: 'settled', change: 'entered' }],
      Date.parse(minute(61)),
    ]);
  });

  it('shows its segments and computed traits, and those of people are none of its', async () => {
    const played = await play(config, joined({ plan: 'pro', earned: 'stated' }), paid(10), paid(20));
    const read = readQuery([]);
    const shown = (profile: Profile) =>
      Object.fromEntries(traitsOf(profile, config, read.ok ? read.query : ({} as never), Date.parse(minute(3))).items);
    expect(shown(accountIn(played))).toEqual({ plan: 'pro', earned: 30, pro: true, busy: true, settled: false });
    expect(shown(played.table.live()[0] as Profile)).toEqual({ payers: true });
  });

  it('is told to destinations by its group id', async () => {
    const played = await play(config, joined({ plan: 'pro' }));
    const manner = { rules: config.identity, consent: [], now: minute(1), occasion: 'e1' };
    const { entries } = tellingsOf({ profile: accountIn(played), segment: 'pro', told: undefined }, manner);
    const [call] = entries.map((entry) => entry.call);
    expect(entries).toHaveLength(1);
    expect(call).toMatchObject({ event: 'Audience Entered', context: { groupId: 'acme' }, properties: { pro: true } });
    expect([call?.userId, call?.anonymousId]).toEqual([undefined, undefined]);
    expect(call && asGroup(call)).toMatchObject({ type: 'group', groupId: 'acme', traits: { pro: true } });
  });
});

describe('an event that names an account', () => {
  const written = async (rules: CdpConfig, ...events: readonly Record<string, unknown>[]) =>
    (await play(rules, ...events)).writes.map(({ profile }) => profile.collection);

  it('is written to the account only where a definition of accounts reads it', async () => {
    expect(await written(config, paid(1))).toEqual(['users', 'accounts']);
    expect(await written(config, { event: 'Seen', context: { groupId: 'acme' } })).toEqual(['users']);
    expect(await written(config, paid(1, {}), paid(1, { groupId: 'none' }))).toEqual(['users', 'users']);
    const ofPeople = configOf({ segments: config.segments.filter(({ of }) => of === undefined) });
    expect(await written(ofPeople, paid(1))).toEqual(['users']);
  });

  it('counts once, whoever sends it again', async () => {
    const twice = { ...paid(1), messageId: 'same' };
    const { table } = await play(config, twice, twice, paid(1));
    expect(accountIn({ table }).eventCount).toBe(2);
  });

  it('makes nobody a member of it', async () => {
    const { table } = await play(config, paid(1));
    expect(table.live()[0]?.accounts.size).toBe(0);
  });
});
