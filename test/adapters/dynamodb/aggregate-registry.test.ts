import { describe, expect, it } from 'vitest';
import {
  freshRegistry,
  registryTable,
  type StoredRegistry,
} from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { memberKey, ownerKey, registryKey, stateKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import {
  type AggregateRegistry,
  completed,
  firstRegistry,
  registered,
  withFrozen,
} from '../../../lambdas/core/segments/history/registry.ts';
import { did } from '../../../lambdas/core/segments/language/events.ts';
import { accountName } from '../../../lambdas/core/stitching/accounts.ts';
import { countEverything } from '../../../lambdas/operations/rebuild.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';
import { keyOf } from '../../fakes/memory-store.ts';
import { configOf, minute } from '../../fixtures/events.ts';

const noon = Date.parse(minute(0));
const table = () => registryTable(new MemoryDynamoDb().client, 'profiles', async () => {});
const first = firstRegistry(['a', '@a']);
const second = registered(first, ['a', '@a', 'b'], noon);

describe('the registry', () => {
  it.each<{ readonly name: string; readonly registry: AggregateRegistry }>([
    { name: 'of a new table', registry: first },
    { name: 'with a new aggregate', registry: second },
    {
      name: 'with frozen histories',
      registry: withFrozen(second, { run: 'r', at: minute(9), from: 0, generation: 1 }),
    },
    { name: 'of which all have their history', registry: { ...second, complete: 1 } },
  ])('comes back as it was: $name', async ({ registry }) => {
    const { read, write } = table();
    expect(await write(registry, undefined)).toEqual({ kind: 'written' });
    expect(await read()).toEqual({ registry, version: 1 });
  });

  it('is written by one of two', async () => {
    const { read, write } = table();
    await write(first, undefined);
    expect(await Promise.all([write(second, 1), write(first, 1)])).toEqual([
      { kind: 'written' },
      { kind: 'contended' },
    ]);
    expect(await read()).toEqual({ registry: second, version: 2 });
  });

  it('is complete when the histories of its generations were brought', () => {
    const frozen = { run: 'r', at: minute(9), from: 0, generation: 1 };
    expect(completed(withFrozen(second, frozen))).toEqual({ ...second, complete: 1 });
    expect(completed(second)).toEqual(second);
  });

  it('of a rebuilt table lets all count since the first event, and one that is there stays', async () => {
    const registry = table();
    const { sources } = configOf();
    await countEverything(registry, { sources, segments: [{ key: 's', name: 'S', where: did('A') }] });
    const stored = await registry.read();
    expect([...(stored?.registry.aggregates.values() ?? [])]).toEqual([{ generation: 0, cut: undefined }]);
    await countEverything(registry, { sources });
    expect(await registry.read()).toEqual(stored);
  });
});

describe('a table', () => {
  const members = Array.from({ length: 35 }, (_, n) => memberKey(String, accountName('acme'), `per_${n}`));
  const { profile, owner } = { profile: stateKey('per_1'), owner: ownerKey(String, accountName('acme')) };

  it.each([
    { name: 'with nothing', rows: [], isEmpty: true },
    { name: 'with a registry', rows: [registryKey], isEmpty: true },
    { name: 'with pages of other items', rows: [owner, registryKey, ...members], isEmpty: true },
    { name: 'with a profile', rows: [profile], isEmpty: false },
    { name: 'with a profile behind pages of an account with many people', rows: [...members, profile], isEmpty: false },
  ])('$name has profiles or not', async ({ rows, isEmpty }) => {
    const memory = new MemoryDynamoDb();
    for (const row of rows) memory.rows('profiles').set(keyOf(row), row);
    expect(await registryTable(memory.client, 'profiles', async () => {}).isEmpty()).toBe(isEmpty);
  });
});

describe('a reader of the registry', () => {
  const counted = (stored: () => StoredRegistry | undefined) => {
    let reads = 0;
    let now = 0;
    const read = async () => {
      reads += 1;
      return stored();
    };
    return { ask: freshRegistry(read, () => now), reads: () => reads, pass: (time: number) => (now += time) };
  };

  it('reads it once a minute, however many ask', async () => {
    const { ask, reads, pass } = counted(() => ({ registry: first, version: 1 }));
    expect(await Promise.all([ask(), ask()])).toEqual([first, first]);
    pass(59_999);
    await ask();
    expect(reads()).toBe(1);
    pass(1);
    await ask();
    expect(reads()).toBe(2);
  });

  it('lets nothing count while there is none', async () =>
    expect(await counted(() => undefined).ask()).toEqual(firstRegistry([])));

  it('does not keep that there is none: what is due of people must not be lost to it', async () => {
    let stored: StoredRegistry | undefined;
    const { ask } = counted(() => stored);
    await ask();
    stored = { registry: first, version: 1 };
    expect(await ask()).toEqual(first);
  });

  it('does not keep a failure', async () => {
    let fails = true;
    const { ask } = counted(() => {
      if (fails) throw new Error('throttled');
      return { registry: first, version: 1 };
    });
    await expect(ask()).rejects.toThrow('throttled');
    fails = false;
    expect(await ask()).toEqual(first);
  });
});
