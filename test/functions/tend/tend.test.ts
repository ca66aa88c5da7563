import { describe, expect, it } from 'vitest';
import { dueShardOf, dueShards } from '../../../lambdas/core/segments/due/due-shard.ts';
import type { planWake } from '../../../lambdas/core/stitching/wake.ts';
import { DueTable, noon } from './due-table.ts';

/** All shards in one invocation, as fast as it can. */
const all = { slice: 0, slices: 1, wakesPerSecond: 1_000_000 };

describe('at its time', () => {
  it.each([
    { name: 'one second before', late: -1_000, woken: 0 },
    { name: 'a millisecond before', late: -1, woken: 0 },
    { name: 'exactly then', late: 0, woken: 1 },
    { name: 'a millisecond later', late: 1, woken: 1 },
    { name: 'a day later', late: 86_400_000, woken: 1 },
  ])('a profile is woken, and not early: $name', async ({ late, woken }) => {
    const table = new DueTable(noon + late);
    const id = table.keep({ dueAt: noon });
    expect(await table.tend(all)).toEqual({ woken, failed: 0 });
    expect(table.entered(id)).toBe(woken);
    expect(table.dueIds()).toEqual(woken === 1 ? [] : [id]);
  });

  it('a profile whose time is within a second is woken after that second, and not before its time', async () => {
    const table = new DueTable(noon + 500);
    table.keep({ dueAt: noon + 500 });
    expect(await table.tend(all)).toMatchObject({ woken: 0 });
    table.now = noon + 1_000;
    expect(await table.tend(all)).toMatchObject({ woken: 1 });
  });

  it('a profile that is never due is not read', async () => {
    const table = new DueTable();
    const id = table.keep({});
    expect(await table.tend(all)).toEqual({ woken: 0, failed: 0 });
    expect(table.entered(id)).toBe(0);
  });

  it.each([
    { count: 2_000, slices: 4 },
    { count: 200, slices: 1 },
    { count: 200, slices: 64 },
  ])('$count are woken once each by $slices slices at once', async ({ count, slices }) => {
    const table = new DueTable();
    const ids = table.keepMany(count, { dueAt: noon - 5_000 });
    const turns = Array.from({ length: slices }, (_, slice) => table.tend({ ...all, slice, slices }));
    expect((await Promise.all(turns)).reduce((sum, { woken }) => sum + woken, 0)).toBe(count);
    expect(ids.filter((id) => table.entered(id) !== 1)).toEqual([]);
    expect(table.dueIds()).toEqual([]);
  });

  it('a crowd of one shard is woken page by page in one invocation, also beside one that stays contended', async () => {
    const table = new DueTable();
    const ids = table.keepMany(250, { dueAt: noon - 5_000 }, (id) => dueShardOf(id) === 5);
    const [hot = ''] = ids;
    table.beforeWrite(hot, () => table.touch(hot), 8);
    expect(await table.tend(all)).toEqual({ woken: 249, failed: 0 });
    expect(table.dueIds()).toEqual([hot]);
  });

  it('a profile that becomes due again later stays in the index for it', async () => {
    const table = new DueTable();
    table.next = (at) => at + 60_000;
    const id = table.keep({ dueAt: noon });
    await table.tend(all);
    expect(await table.tend(all)).toMatchObject({ woken: 0 });
    table.now += 60_000;
    expect(await table.tend(all)).toMatchObject({ woken: 1 });
    expect(table.dueIds()).toEqual([id]);
  });
});

describe('more than an invocation may wake', () => {
  it('is left due, oldest first in each shard, and taken by the next ones', async () => {
    const table = new DueTable();
    const [old, young] = [
      table.keepMany(640, { dueAt: noon - 60_000 }),
      table.keepMany(1_000, { dueAt: noon - 1_000 }),
    ];
    // 10 a second for 50 s.
    const { woken } = await table.tend({ ...all, wakesPerSecond: 10 });
    expect(woken).toBeGreaterThanOrEqual(500);
    expect(woken).toBeLessThan(640);
    expect(table.now - noon).toBeLessThanOrEqual(50_000);
    const isOlderLeft = (id: string) => old.some((one) => dueShardOf(one) === dueShardOf(id) && !table.entered(one));
    expect(young.filter((id) => table.entered(id) > 0 && isOlderLeft(id))).toEqual([]);
    let sum = woken;
    for (let minutes = 0; table.dueIds().length > 0 && minutes < 10; minutes++)
      sum += (await table.tend({ ...all, wakesPerSecond: 10 })).woken;
    expect(sum).toBe(1_640);
    expect([...old, ...young].filter((id) => table.entered(id) !== 1)).toEqual([]);
  });

  it('does not let a shard wait for another one’s crowd', async () => {
    const table = new DueTable();
    const crowd = table.keepMany(1_000, { dueAt: noon - 60_000 }, (id) => dueShardOf(id) === 0);
    const alone = table.keepMany(1, { dueAt: noon - 1_000 }, (id) => dueShardOf(id) === dueShards - 1);
    await table.tend({ ...all, wakesPerSecond: 4 });
    expect(alone.map(table.entered)).toEqual([1]);
    expect(crowd.filter((id) => table.entered(id) === 0).length).toBeGreaterThan(700);
  });

  it('is told by the first slice: how long the oldest entry of the whole index waits', async () => {
    const table = new DueTable();
    table.keepMany(1, { dueAt: noon - 180_000 }, (id) => dueShardOf(id) === 3);
    table.keep({ dueAt: noon + 60_000 });
    for (const slice of [0, 1, 2, 3]) await table.tend({ ...all, slice, slices: 4 });
    await table.tend({ ...all, slices: 4 });
    expect(table.told.filter((told) => 'lag' in told)).toEqual([{ lag: 180 }, { lag: 0 }]);
  });
});

describe('others who write the same profile', () => {
  it('are not overwritten: it is read and planned again, and is no longer due if they woke it', async () => {
    const table = new DueTable();
    const [woken, touched] = [table.keep({ dueAt: noon }), table.keep({ dueAt: noon })];
    table.beforeWrite(woken, () => table.touch(woken, { dueAt: undefined }));
    table.beforeWrite(touched, () => table.touch(touched));
    expect(await table.tend(all)).toEqual({ woken: 1, failed: 0 });
    expect([woken, touched].map(table.entered)).toEqual([0, 1]);
    for (const id of [woken, touched]) expect(table.trait(id)).toBe('other 1');
  });

  it('at every attempt leave it due, and do not hold up the others', async () => {
    const table = new DueTable();
    const [hot, calm] = [table.keep({ dueAt: noon }), table.keep({ dueAt: noon })];
    table.beforeWrite(hot, () => table.touch(hot), 8);
    expect(await table.tend(all)).toEqual({ woken: 1, failed: 0 });
    expect(table.entered(calm)).toBe(1);
    expect(table.dueIds()).toEqual([hot]);
    expect(await table.tend(all)).toEqual({ woken: 1, failed: 0 });
  });

  it('of the same slice at once announce each change once', async () => {
    const table = new DueTable();
    const ids = table.keepMany(300, { dueAt: noon });
    const turns = await Promise.all([table.tend(all), table.tend(all), table.tend(all)]);
    expect(turns.reduce((sum, { woken }) => sum + woken, 0)).toBe(300);
    expect(ids.filter((id) => table.entered(id) !== 1)).toEqual([]);
  });
});

describe('a profile that cannot be woken', () => {
  it.each(['merged', 'deleted'] as const)('because it is %s meanwhile is skipped', async (how) => {
    const table = new DueTable();
    const [gone, there] = [table.keep({ dueAt: noon }), table.keep({ dueAt: noon })];
    table.afterPage(() => (how === 'merged' ? table.bury(gone) : table.remove(gone)));
    expect(await table.tend(all)).toEqual({ woken: 1, failed: 0 });
    expect(table.entered(there)).toBe(1);
    expect(table.dueIds()).toEqual([]);
    expect(table.warnings).toEqual([]);
  });

  it.each([
    { name: 'throws', spoil: 'plan', reason: 'TypeError' },
    { name: 'would be due again at once', spoil: 'again', reason: 'due again at once' },
    { name: 'is refused by the table', spoil: 'size', reason: /size has exceeded/ },
    { name: 'is unreadable', spoil: 'item', reason: 'UnreadableItem' },
    { name: 'cannot be unpacked', spoil: 'bytes', reason: 'EventFault' },
  ] as const)('because it $name is put off for an hour, told, and holds up nobody', async ({ spoil, reason }) => {
    const table = new DueTable();
    const [bad, good] = [table.keep({ dueAt: noon - 90_000 }), table.keepMany(150, { dueAt: noon })];
    table.spoil(bad, spoil);
    expect(await table.tend(all)).toEqual({ woken: 150, failed: 1 });
    expect(good.filter((id) => table.entered(id) !== 1)).toEqual([]);
    expect(table.warnings).toEqual([
      [
        'a profile could not be woken, and is put off for an hour',
        { profileId: bad, reason: expect.stringMatching(reason) },
      ],
    ]);
    expect(table.told).toContainEqual({ woken: 150, failed: 1 });
    expect(await table.tend(all)).toEqual({ woken: 0, failed: 0 });
    table.now += 3_600_000;
    expect(await table.tend(all)).toEqual({ woken: 0, failed: 1 });
    table.mend(bad);
    table.now += 3_600_000;
    expect(await table.tend(all)).toEqual({ woken: 1, failed: 0 });
    expect(table.entered(bad)).toBe(1);
  });

  it('is not put off when somebody made it due earlier meanwhile', async () => {
    const table = new DueTable();
    const id = table.keep({ dueAt: noon - 90_000 });
    const plan: typeof planWake = () => {
      table.touch(id, { dueAt: noon - 80_000 });
      throw new Error('it fails');
    };
    expect(await table.tend(all, plan)).toEqual({ woken: 0, failed: 1 });
    expect(await table.tend(all)).toEqual({ woken: 1, failed: 0 });
  });

  it('repeats no news of its last write when it is put off', async () => {
    const table = new DueTable();
    table.next = (at) => at + 1_000;
    const id = table.keep({ dueAt: noon });
    await table.tend(all);
    table.spoil(id, 'plan');
    table.now += 1_000;
    await table.tend(all);
    expect(table.entered(id)).toBe(1);
  });
});

it.each([{}, { slice: -1, slices: 4, wakesPerSecond: 1 }, { slice: 0, slices: 4 }, undefined])(
  'refuses what no schedule says: %j',
  async (event) => {
    await expect(new DueTable().tend(event)).rejects.toThrow();
  },
);
