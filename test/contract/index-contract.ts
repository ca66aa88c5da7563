import { expect, it } from 'vitest';
import {
  absent,
  atVersion,
  callsTo,
  failed,
  indexCalls,
  keyOf,
  keysOf,
  type OpenTable,
  type Row,
} from './open-table.ts';

/** Numbers of shards that no other test uses: the index of a table is one for all of them. */
let made = 1000;
const shardOf = (): number => ++made;

/** What is relied on of the due index, for the table in memory and for one that speaks DynamoDB's protocol. */
export function holdsIndexContract(open: () => OpenTable): void {
  const { put, transact, read } = callsTo(open);
  const { page, putOff, enter } = indexCalls(open);
  const dueIn = async (shard: number, until = 100) => (await page(shard, until)).rows.map(({ pk }) => pk);

  it('has the items with both attributes, with nothing but keys', async () => {
    const [dueShard, [both, shardOnly, timeOnly, neither]] = [shardOf(), keysOf(4) as [Row, Row, Row, Row]];
    await put({ ...both, dueShard, dueAt: 5, version: 1 });
    await put({ ...shardOnly, dueShard, version: 1 });
    await put({ ...timeOnly, dueAt: 5, version: 1 });
    await put({ ...neither, version: 1 });
    expect((await page(dueShard, 5)).rows).toEqual([{ ...both, dueShard, dueAt: 5 }]);
  });

  it.each([
    { name: 'before', until: 9, found: 0 },
    { name: 'at', until: 10, found: 1 },
    { name: 'after', until: 11, found: 1 },
  ])('answers for a time $name the time of an entry: $found', async ({ until, found }) => {
    const [dueShard, key] = [shardOf(), keyOf()];
    await put({ ...key, dueShard, dueAt: 10 });
    expect(await dueIn(dueShard, until)).toHaveLength(found);
    expect(await dueIn(dueShard + 0.5, until)).toEqual([]);
  });

  it('answers oldest first, page by page, and each entry once', async () => {
    const [dueShard, keys] = [shardOf(), keysOf(7)];
    for (const [n, key] of keys.entries()) await put({ ...key, dueShard, dueAt: (n * 3) % 5 });
    const [pages, times]: [number[], number[]] = [[], []];
    let next: Row | undefined;
    do {
      const one = await page(dueShard, 100, 3, next);
      pages.push(one.rows.length);
      times.push(...one.rows.map(({ dueAt }) => Number(dueAt)));
      next = one.next;
    } while (next);
    expect(times).toEqual([0, 0, 1, 2, 3, 3, 4]);
    expect(pages.slice(0, 3)).toEqual([3, 3, 1]);
  });

  it('goes on behind the last page although its entries are gone', async () => {
    const [dueShard, keys] = [shardOf(), keysOf(4)];
    for (const [dueAt, key] of keys.entries()) await put({ ...key, dueShard, dueAt, version: 1 });
    const first = await page(dueShard, 100, 2);
    for (const { pk, sk } of first.rows) await put({ pk, sk, version: 2 });
    const second = await page(dueShard, 100, 2, first.next);
    expect(second.rows.map(({ pk }) => pk)).toEqual(keys.slice(2).map(({ pk }) => pk));
  });

  it('follows whole items: another time moves an entry, none takes it out', async () => {
    const [dueShard, key] = [shardOf(), keyOf()];
    await put({ ...key, dueShard, dueAt: 10, version: 1 }, absent);
    await put({ ...key, dueShard, dueAt: 200, version: 2 }, atVersion(1));
    expect(await dueIn(dueShard)).toEqual([]);
    expect(await dueIn(dueShard, 200)).toEqual([key.pk]);
    await put({ ...key, version: 3 }, atVersion(2));
    expect(await dueIn(dueShard, 200)).toEqual([]);
  });

  it('follows transactions, whole or not at all', async () => {
    const [dueShard, [left, lost]] = [shardOf(), keysOf(2) as [Row, Row]];
    await put({ ...left, dueShard, dueAt: 10, version: 1 });
    await put({ ...lost, dueShard, dueAt: 10, version: 1 });
    const merge = (version: number) =>
      transact(
        { Item: { ...left, dueShard, dueAt: 7, version: 2 }, condition: atVersion(1) },
        { Item: { ...lost, kind: 'tombstone', version: 2 }, condition: atVersion(version) },
      );
    await expect(merge(5)).rejects.toEqual(failed('TransactionCanceledException'));
    expect((await dueIn(dueShard)).toSorted()).toEqual([left.pk, lost.pk].toSorted());
    await merge(1);
    expect((await page(dueShard, 100)).rows).toEqual([{ ...left, dueShard, dueAt: 7 }]);
  });

  it('puts an entry off, which keeps the item but for its news, unless it was written meanwhile', async () => {
    const [dueShard, key] = [shardOf(), keyOf()];
    await put({ ...key, dueShard, dueAt: 10, version: 1, changes: '[]' });
    await putOff(key, 10, 300);
    expect(await dueIn(dueShard, 299)).toEqual([]);
    expect(await read([key])).toEqual([{ ...key, dueShard, dueAt: 300, version: 1 }]);
    await expect(putOff(key, 10, 400)).rejects.toEqual(failed('ConditionalCheckFailedException'));
    await expect(putOff(keyOf(), 10, 400)).rejects.toEqual(failed('ConditionalCheckFailedException'));
    expect(await dueIn(dueShard, 300)).toEqual([key.pk]);
  });

  it('gets an entry for a live profile that has none, or a later one', async () => {
    const [dueShard, [none, later, earlier, merged, gone]] = [shardOf(), keysOf(5) as [Row, Row, Row, Row, Row]];
    await put({ ...none, kind: 'profile', changes: '[]' });
    await put({ ...later, kind: 'profile', dueShard, dueAt: 90 });
    await put({ ...earlier, kind: 'profile', dueShard, dueAt: 10 });
    await put({ ...merged, kind: 'tombstone' });
    for (const key of [none, later]) await enter(key, dueShard, 50);
    for (const key of [earlier, merged, gone])
      await expect(enter(key, dueShard, 50)).rejects.toEqual(failed('ConditionalCheckFailedException'));
    expect(await read([none])).toEqual([{ ...none, kind: 'profile', dueShard, dueAt: 50 }]);
    expect((await dueIn(dueShard)).toSorted()).toEqual([none.pk, later.pk, earlier.pk].toSorted());
    expect(await dueIn(dueShard, 49)).toEqual([earlier.pk]);
  });
}
