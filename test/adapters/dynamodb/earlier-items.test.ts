import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { identifierKey } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../../lambdas/adapters/dynamodb/identity-table.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { consentOf } from '../../../lambdas/core/profile/consent.ts';
import { ownerName } from '../../../lambdas/core/profile/owner-name.ts';
import type { Collection, Profile } from '../../../lambdas/core/profile/profile.ts';
import { createHandler } from '../../../lambdas/functions/stitch/handler.ts';
import { identityOperator } from '../../../lambdas/operations/identity.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { type KeptLine, keepIn } from '../../fixtures/in-memory/stitch.ts';
import { Tally } from '../../simulation/running/tally.ts';
import { noFaults, Worker, type World } from '../../simulation/running/worker.ts';
import { FaultyTable } from '../../simulation/world/faulty-table.ts';
import { packed } from '../../simulation/world/packing.ts';

/**
 * What the table held before layers, rooms and owners by collection: packed, with a merge, an unmerge, and a person
 * under a `group_id`.
 */
const earlier = JSON.parse(
  readFileSync(new URL('../../fixtures/earlier-items.json', import.meta.url), 'utf8'),
) as Record<string, unknown>[];
const pause = async () => {};
const config = configOf({
  segments: [{ key: 'pro', name: 'Pro', where: { trait: 'plan', operator: 'equals', value: 'pro' } }],
});

let made = 0;
const quarantined: KeptLine[] = [];
const store = new MemoryStore();
const world: World = {
  turns: { take: async (_, act) => act() },
  chance: { below: () => 0, happens: () => false, pick: ([first]) => first as never },
  tally: new Tally(),
  underway: new Set(),
  rates: noFaults,
};
const client = packed(new FaultyTable(store, world).clientFor(new Worker('stitch', world)));
const table = profileTable(client, 'profiles', identifierKey('secret'), pause);
const operator = identityOperator(
  identityTable(client, 'profiles', identifierKey('secret'), pause),
  { sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }] },
  async () => undefined,
);
const worker = () =>
  createHandler({
    config,
    registry: async () => undefined,
    load: table.load,
    write: table.write,
    release: table.release,
    ...{ quarantine: keepIn(quarantined), append: keepIn([]) },
    newProfileId: (_, collection) => `${collection === 'users' ? 'per' : 'acc'}_new${++made}`,
    ...{ pause, count: () => {}, countSuppressed: () => {}, warn: () => {} },
  });

beforeEach(() => {
  store.items.clear();
  quarantined.length = 0;
  for (const item of earlier) {
    const { base64 } = (item.packed ?? {}) as { base64?: string };
    store.put({ Item: { ...item, ...(base64 !== undefined && { packed: Buffer.from(base64, 'base64') }) } });
  }
});

async function take(...events: Record<string, unknown>[]): Promise<void> {
  const batch = events.map((fields) => eventOf({ timestamp: minute(60), receivedAt: minute(61), ...fields }));
  expect(await worker()(kinesisEvent([recordOf(batch)]))).toEqual({ batchItemFailures: [] });
  expect(quarantined).toEqual([]);
}

async function find(id: string, collection: Collection = 'users'): Promise<Profile | undefined> {
  const name = ownerName(collection, id as Identifier);
  return (await table.load([name])).get(name)?.profile;
}
const underGroup = (id: string) => ({ externalIds: [{ id, type: 'group_id', collection: 'users', encoding: 'none' }] });

describe('items that were written before', () => {
  it('are read, with all that they say', async () => {
    const ann = await find('user_id:ann');
    expect([...(ann?.identifiers.keys() ?? [])].sort()).toEqual([
      'anonymous_id:a1',
      'email:ann@example.org',
      'user_id:ann',
    ]);
    expect(ann?.traits.get('plan')?.value).toBe('pro');
    expect(consentOf(ann?.consent ?? new Map())).toEqual(
      new Map([
        ['ads', false],
        ['a|b', true],
      ]),
    );
    expect([
      ann?.eventCount,
      [...(ann?.accounts.keys() ?? [])],
      (await find('group_id:acme', 'accounts'))?.eventCount,
    ]).toEqual([4, ['acme'], 1]);
  });

  it('are merged, bounded and undone with what comes now', async () => {
    await take(
      { type: 'identify', userId: 'dan', traits: { plan: 'late' } },
      { type: 'alias', userId: 'dan', anonymousId: 'd1', previousId: 'a1' },
    );
    await take({ type: 'identify', userId: 'big', traits: { more: 'z'.repeat(8000) } });
    const big = await find('user_id:big');
    expect(big?.eventCount).toBe(31);
    expect(JSON.stringify([...(big?.traits ?? [])]).length).toBeLessThan(48 * 1024);
    expect(big?.traits.get('more')?.value).toHaveLength(8000);
    expect((await find('anonymous_id:d1'))?.profileId).toBe((await find('user_id:dan'))?.profileId);
  });

  it('are explained; a merge of then cannot be undone, and says so', async () => {
    const explained = await operator.explain('user_id:ann');
    expect(JSON.stringify(explained)).toContain('a1');
    const gone = [...((await find('user_id:ann'))?.merged.keys() ?? [])][0] ?? '';
    await expect(
      operator.unmerge(gone, { messageId: 'operator-9', timestamp: minute(70), at: minute(70) }, true),
    ).rejects.toThrow(/undone/);
  });

  it('part what an operator parted', async () => {
    await take({ userId: 'cy', anonymousId: 'c2' });
    expect((await find('user_id:cy'))?.profileId).not.toBe((await find('anonymous_id:c2'))?.profileId);
  });

  it('give the key of an account that a person had to one account alone, though two workers take it at once', async () => {
    const call = (userId: string) => ({ type: 'group', userId, groupId: 'zeta', traits: { of: userId } });
    await Promise.all([take(call('eve')), take(call('fay'))]);
    const live = [...store.items.values()].filter(
      ({ kind, profileId }) => kind === 'profile' && String(profileId).startsWith('acc_new'),
    );
    expect(live).toHaveLength(1);
    expect((await find('group_id:zeta', 'accounts'))?.eventCount).toBe(2);
    await take({ userId: 'bob', context: underGroup('zeta') });
    expect((await find('user_id:bob'))?.eventCount).toBe(2);
    expect((await find('group_id:zeta'))?.profileId).toBe((await find('user_id:bob'))?.profileId);
  });
});
