import { describe, expect, it } from 'vitest';
import { EventFault } from '../../../../lambdas/core/events/event-fault.ts';
import { planUnmerge } from '../../../../lambdas/core/operations/plan-unmerge.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { transactionItems } from '../../../../lambdas/core/stitching/plan.ts';
import { configOf } from '../../../fixtures/events.ts';
import { asking, AccountPlatform as Platform, type TableDeps } from './account-platform.ts';

describe('an account that changes', () => {
  it('moves all of its people within a minute, and nobody else', async () => {
    const platform = new Platform();
    for (const id of ['ann', 'bob', 'cid']) await platform.take(platform.joins(id, { plan: 'free' }));
    await platform.take(platform.joins('eve', { plan: 'free' }, 'globex'));
    await platform.tend();
    await platform.take(platform.joins('ann', { plan: 'pro' }));
    await platform.tend();
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:bob', 'user_id:cid']);
    expect(await platform.tend()).toBe(0);
  });

  it('by an event or by time moves its people, too, if they ask for its segments', async () => {
    const platform = new Platform();
    for (const id of ['ann', 'bob']) await platform.take(platform.joins(id));
    await platform.tend();
    await platform.take(platform.event({ event: 'Paid', userId: 'ann', context: { groupId: 'acme' } }));
    await platform.tend();
    expect(platform.members('at_busy')).toEqual(['user_id:ann', 'user_id:bob']);
    platform.now += 600_000;
    await platform.tend();
    expect(platform.members('at_busy')).toEqual([]);
  });

  it('moves its people although another account, of somebody among them, cannot be read', async () => {
    const platform = new Platform();
    for (const id of ['ann', 'bob']) await platform.take(platform.joins(id, { plan: 'free' }));
    await platform.take(platform.joins('eve', { plan: 'free' }, 'globex'), platform.joins('eve'));
    await platform.tend();
    await platform.take(platform.joins('ann', { plan: 'pro' }));
    const warnings: string[] = [];
    await platform.tend(({ readAccounts }) => ({
      readAccounts: async (people, ...more) => {
        if ([...people].some(({ accounts }) => accounts.has('globex'))) throw new EventFault(new Error('damaged'));
        return readAccounts(people, ...more);
      },
      warn: (message) => warnings.push(message),
    }));
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:bob']);
    expect(warnings).toHaveLength(1);
  });

  it('wakes nobody where nobody asks for what changed', async () => {
    const platform = new Platform();
    await platform.take(platform.joins('ann', { plan: 'pro' }));
    await platform.tend();
    await platform.take(platform.joins('ann', { size: 4 }));
    expect(await platform.tend()).toBe(0);
  });

  it('finds somebody who joins while it looks for its people', async () => {
    const platform = new Platform();
    await platform.take(platform.joins('bob', { plan: 'free' }));
    await platform.tend();
    const waiting = await platform.plan(platform.joins('ann'));
    await platform.take(platform.joins('bob', { plan: 'pro' }));
    await platform.tend();
    expect(await platform.write(waiting.filter(({ profile }) => profile.collection === 'users'))).toEqual(['written']);
    expect(platform.members('pro')).toEqual(['user_id:bob']);
    await platform.tend();
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:bob']);
  });

  it('begins again when it changes again, also for those who were woken', async () => {
    const platform = new Platform();
    for (const id of ['ann', 'bob']) await platform.take(platform.joins(id, { plan: 'free' }));
    await platform.tend();
    await platform.take(platform.joins('ann', { plan: 'pro' }));
    let pages = 0;
    await platform.tend(({ members: { page, ...members }, write }) => ({
      members: { ...members, page: (name, after) => page(name, after, 1) },
      write: async (planned) => {
        if (planned.profile.collection === 'accounts' && ++pages === 1)
          await platform.take(platform.joins('bob', { plan: 'free' }));
        return write(planned);
      },
    }));
    await platform.tend();
    expect([platform.members('pro'), pages]).toEqual([[], 1]);
  });

  it('goes on after a death with those who are left', async () => {
    const platform = new Platform();
    for (const id of ['ann', 'bob', 'cid']) await platform.take(platform.joins(id, { plan: 'free' }));
    await platform.tend();
    await platform.take(platform.joins('ann', { plan: 'pro' }));
    const one = ({ members: { page, ...members } }: TableDeps) => ({
      members: { ...members, page: (name: string, after: string) => page(name, after, 1) },
    });
    let woken = 0;
    const dying = platform.tend((deps) => ({
      ...one(deps),
      write: async (planned) => {
        if (planned.profile.collection === 'users' && ++woken === 2) throw new Error('died');
        return deps.write(planned);
      },
    }));
    await expect(dying).rejects.toThrow('died');
    expect(platform.members('pro')).toEqual(['user_id:ann']);
    await platform.tend((deps) => ({
      ...one(deps),
      write: async (planned) => {
        if (planned.profile.collection === 'users') woken += 1;
        return deps.write(planned);
      },
    }));
    expect([platform.members('pro'), woken]).toEqual([['user_id:ann', 'user_id:bob', 'user_id:cid'], 4]);
  });
});

describe('a person of an account', () => {
  const device = { anonymousId: 'phone' };

  it('who merged is found by the profile that it merged into', async () => {
    const platform = new Platform();
    await platform.take(platform.event({ userId: 'ann' }));
    await platform.take(platform.joins('', { plan: 'free' }, 'acme', { userId: undefined, ...device }));
    await platform.tend();
    await platform.take(platform.event({ userId: 'ann', ...device }));
    await platform.tend();
    await platform.take(platform.joins('bob', { plan: 'pro' }));
    await platform.tend();
    expect(platform.members('pro')).toEqual(['anonymous_id:phone', 'user_id:ann', 'user_id:bob']);
  });

  it('who is taken apart again is found by itself, whoever it was when it came to the account', async () => {
    const platform = new Platform();
    await platform.take(platform.event({ userId: 'ann' }));
    await platform.take(platform.event(device));
    const phone = platform.profileOf('anonymous_id:phone').profileId;
    await platform.take(
      platform.joins('', { plan: 'free' }, 'acme', { userId: undefined, ...device }),
      platform.event({ userId: 'ann', ...device }),
    );
    await platform.tend();
    const { table } = platform;
    const live = table.items.get(platform.profileOf('user_id:ann').profileId);
    if (live?.kind !== 'profile') throw new Error('ann must live');
    const tombstones = table.tombstonesIn(live.profile);
    const accountOf = await table.readAccounts([live.profile], asking);
    const at = new Date(platform.now).toISOString();
    const plan = planUnmerge(
      { live, tombstones, owners: table.owners },
      { profileId: phone },
      {
        cause: { messageId: 'operator', timestamp: at, at },
        config: { ...asking, accountOf },
        newProfileId: () => 'none',
      },
    );
    if (plan.kind !== 'planned') throw new Error(plan.reason);
    await table.unmerge(plan.write);
    await platform.tend();
    await platform.take(platform.joins('bob', { plan: 'pro' }));
    await platform.tend();
    expect(platform.members('pro')).toEqual(['anonymous_id:phone', 'user_id:bob']);
  });

  it('of before anybody asked is found after its next write, however many accounts it has', async () => {
    const before = new Platform(configOf({}));
    const groups = Array.from({ length: 3 * transactionItems }, (_, n) => `g${n}`);
    for (const group of groups) await before.take(before.joins('ann', { plan: 'free' }, group));
    expect(before.table.members.size).toBe(0);
    const platform = new Platform(asking, before.table);
    expect(await platform.take(platform.event({ userId: 'ann' }))).toEqual(['written']);
    expect(platform.table.members.size).toBe(platform.profileOf('user_id:ann').accounts.size);
    await platform.tend();
    await platform.take(platform.joins('bob', { plan: 'pro' }, groups.at(-1)));
    await platform.tend();
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:bob']);
  });

  it('of more new accounts than a transaction has room for comes to them in several writes', async () => {
    const platform = new Platform();
    const events = Array.from({ length: 2 * transactionItems }, (_, n) => platform.joins('ann', {}, `g${n}`));
    const sizes = (await platform.plan(...events))
      .filter(({ profile }) => profile.collection === 'users')
      .map(({ members, claimed }) => 1 + claimed.length + (members?.together.length ?? 0));
    expect(sizes).toEqual([transactionItems]);
  });
});

describe('accounts are read for people', () => {
  const twenty = (platform: Platform) =>
    Array.from({ length: 20 }, (_, n) => platform.joins(`u${n}`, { plan: 'free' }, `g${n % 4}`));

  it('of a batch at once, and only where a segment asks', async () => {
    const platform = new Platform();
    await platform.take(...twenty(platform));
    platform.loads.length = 0;
    await platform.plan(...Array.from({ length: 20 }, (_, n) => platform.event({ userId: `u${n}` })));
    expect(platform.loads).toEqual([20, 4]);
    const other = new Platform(configOf({ segments: [{ key: 'a', name: 'A', where: did('Paid') }] }));
    await other.take(...twenty(other));
    other.loads.length = 0;
    await other.plan(...Array.from({ length: 20 }, (_, n) => other.event({ userId: `u${n}` })));
    expect([other.loads, other.table.members.size]).toEqual([[20], 0]);
  });
});
