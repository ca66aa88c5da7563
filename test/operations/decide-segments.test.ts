import { describe, expect, it } from 'vitest';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { EventFault } from '../../lambdas/core/events/event-fault.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { did } from '../../lambdas/core/segments/language/events.ts';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../lambdas/core/stitching/profile-write.ts';
import { type DecideDeps, decideSegments } from '../../lambdas/operations/decide-segments.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';

const pros = { key: 'pros', name: 'Pros', where: trait('plan').equals('pro') };
const poor = { key: 'poor', name: 'Poor', where: trait('spent').lessThan(10) };
const seen = { key: 'seen', name: 'Seen lately', where: did('Product Viewed').within('1h') };
const before = configOf({ segments: [pros, seen] });
const after = configOf({ segments: [poor, seen] });

/** Two pros, one of whom spent little, somebody else who spent little, and somebody of whom nothing is known. */
async function people(config: CdpConfig): Promise<MemoryTable> {
  const table = new MemoryTable();
  const traits = [{ plan: 'pro', spent: 5 }, { plan: 'pro' }, { spent: 1 }, {}];
  for (const [n, one] of traits.entries()) {
    const sightings = sight(
      [
        eventOf({ type: 'identify', userId: `u${n}`, traits: one, timestamp: minute(n), receivedAt: minute(n) }),
        eventOf({ userId: `u${n}`, timestamp: minute(n), receivedAt: minute(n) }),
      ],
      config,
    );
    const { writes } = planStitch(sightings, await table.load([]), config, () => `per_${n}`);
    for (const write of writes) await table.write(write);
  }
  return table;
}

/** Pages of two people each; `changes` gathers what is announced. */
function deps(table: MemoryTable, config: CdpConfig, now = minute(10)) {
  const changes: string[] = [];
  const stored = (): { profile: Profile; version: number }[] =>
    [...table.items.values()].flatMap((item) => (item.kind === 'profile' ? [item] : []));
  const write = async (planned: ProfileWrite) => {
    const outcome = await table.write(planned);
    if (outcome.kind === 'written')
      changes.push(
        ...planned.changes.map(({ segment, change }) => `${planned.profile.profileId} ${change} ${segment}`),
      );
    return outcome;
  };
  const all: DecideDeps = {
    config,
    registry: async () => undefined,
    async *scan() {
      for (let at = 0; at < stored().length; at += 2) yield stored().slice(at, at + 2);
    },
    read: async (ids) => stored().filter(({ profile }) => ids.includes(profile.profileId)),
    readAccounts: table.readAccounts,
    write,
    pause: async () => {},
    now: () => Date.parse(now),
  };
  return { all, changes };
}
const whole = { parts: [{ part: 0, parts: 1 }] };
const effects = ({ segments }: Awaited<ReturnType<typeof decideSegments>>) =>
  Object.fromEntries([...segments].map(([key, { examples: _, ...effect }]) => [key, effect]));

describe('segments that are defined otherwise', () => {
  it('are decided for everybody, once: who enters and who leaves a segment that is gone is announced', async () => {
    const table = await people(before);
    const { all, changes } = deps(table, after);
    const account = await decideSegments(whole, all);
    expect(changes.sort()).toEqual([
      ...['per_0 entered poor', 'per_0 exited pros', 'per_1 exited pros'],
      'per_2 entered poor',
    ]);
    expect(account).toMatchObject({ people: 4, outdated: 4, written: 4, failed: 0, stopped: false });
    expect(effects(account)).toEqual({
      poor: { members: 2, entered: 2, exited: 0 },
      seen: { members: 4, entered: 0, exited: 0 },
      pros: { members: 0, entered: 0, exited: 2 },
    });
    expect(table.live().map(({ segments }) => [...segments.keys()])).toEqual([
      ['poor', 'seen'],
      ['seen'],
      ['poor', 'seen'],
      ['seen'],
    ]);
    const again = await decideSegments(whole, all);
    expect([changes.length, again.outdated, again.written]).toEqual([4, 0, 0]);
    expect(effects(again)).toEqual({
      poor: { members: 2, entered: 0, exited: 0 },
      seen: { members: 4, entered: 0, exited: 0 },
    });
  });

  it('are told beforehand, and nothing is written', async () => {
    const table = await people(before);
    const { all } = deps(table, after);
    const { write: _, ...readOnly } = all;
    const writes = table.writes;
    const account = await decideSegments(whole, readOnly);
    expect(effects(account)).toMatchObject({ poor: { members: 2, entered: 2 }, pros: { exited: 2 } });
    expect([table.writes, account.outdated, account.written]).toEqual([writes, 4, 0]);
    expect(account.segments.get('poor')?.examples.toSorted()).toEqual(['per_0', 'per_2']);
  });

  it('are planned for nobody whom they decided', async () => {
    const { all } = deps(await people(before), after);
    let planned = 0;
    const counting = { ...all, now: () => Date.parse(minute(10 + planned++)) };
    await decideSegments(whole, counting);
    expect(planned).toBe(4);
    expect(await decideSegments(whole, counting)).toMatchObject({ people: 4, outdated: 0 });
    expect(planned).toBe(4);
  });

  it('read the accounts of a page together, and those of nobody whom they decided', async () => {
    const { all } = deps(await people(before), after);
    const asked: number[] = [];
    const counting: DecideDeps = {
      ...all,
      readAccounts: (some, ...more) => {
        if (some.length > 0) asked.push(some.length);
        return all.readAccounts(some, ...more);
      },
    };
    await decideSegments(whole, counting);
    await decideSegments(whole, counting);
    expect(asked).toEqual([2, 2]);
  });

  it('let people leave, though no segment is left', async () => {
    const { all, changes } = deps(await people(before), configOf({}));
    await decideSegments(whole, all);
    expect(changes.filter((change) => change.endsWith('exited pros'))).toHaveLength(2);
    expect(changes.filter((change) => change.endsWith('exited seen'))).toHaveLength(4);
    expect((await decideSegments(whole, all)).outdated).toBe(0);
  });

  it('are decided further where a budget of entries ended', async () => {
    const table = await people(before);
    const { all, changes } = deps(table, after);
    const first = await decideSegments({ ...whole, mostEntries: 1 }, all);
    expect([first.stopped, first.people, changes.filter((change) => change.includes('entered'))]).toEqual([
      true,
      2,
      ['per_0 entered poor'],
    ]);
    const rest = await decideSegments({ ...whole, mostEntries: 1 }, all);
    expect([rest.outdated, rest.stopped]).toEqual([2, false]);
    expect(changes.filter((change) => change.includes('entered')).sort()).toEqual([
      'per_0 entered poor',
      'per_2 entered poor',
    ]);
  });

  it('announce nobody twice when two do it at once, and others write', async () => {
    const table = await people(before);
    const { all, changes } = deps(table, after);
    await Promise.all([decideSegments(whole, all), decideSegments(whole, all)]);
    expect(changes.sort()).toEqual([
      'per_0 entered poor',
      'per_0 exited pros',
      'per_1 exited pros',
      'per_2 entered poor',
    ]);
  });

  it('of one who cannot be decided or stored are counted, and others go on', async () => {
    const { all } = deps(await people(before), after);
    const account = await decideSegments(whole, {
      ...all,
      async *scan(part) {
        for await (const page of all.scan(part)) yield [...page, { profileId: 'per_9', fault: new Error('damaged') }];
      },
      readAccounts: async (some, ...more) => {
        if (some.some(({ profileId }) => profileId === 'per_2')) throw new EventFault(new Error('damaged'));
        return all.readAccounts(some, ...more);
      },
      write: async (write) =>
        write.profile.profileId === 'per_1'
          ? { kind: 'refused', reason: 'too large' }
          : (all.write as NonNullable<typeof all.write>)(write),
    });
    expect(account).toMatchObject({ people: 6, failed: 4, written: 2 });
  });

  it('of one who is written by others all the time are given up after some attempts', async () => {
    const { all } = deps(await people(before), after);
    let waits = 0;
    const account = await decideSegments(whole, {
      ...all,
      write: async () => ({ kind: 'contended' }),
      pause: async () => void waits++,
    });
    expect([account.failed, waits]).toEqual([4, 32]);
  });
});
