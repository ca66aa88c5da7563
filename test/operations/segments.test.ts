import { beforeAll, describe, expect, it } from 'vitest';
import { did } from '../../lambdas/core/segments/language/events.ts';
import { segmentOperator } from '../../lambdas/operations/segments.ts';
import type { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';
import { stitched } from '../fixtures/in-memory/profile-api.ts';

const config = configOf({
  segments: [{ key: 'buyers', name: 'Bought', where: did('Order Completed').within('10m') }],
});
const operator = segmentOperator(config);
let table: MemoryTable;
beforeAll(async () => {
  table = await stitched(
    [
      eventOf({ userId: 'ann', event: 'Order Completed', timestamp: minute(1), receivedAt: minute(1) }),
      eventOf({ type: 'group', userId: 'ann', groupId: 'acme', timestamp: minute(2), receivedAt: minute(2) }),
    ],
    config,
  );
});

describe('an operator asks why a person is in a segment', () => {
  it('and is told as of now, with what the table has', async () => {
    const told = await operator.explain(table, 'buyers', 'user_id:ann', Date.parse(minute(3)));
    expect(told).toMatchObject({
      ...{ segment: 'buyers', name: 'Bought', at: minute(3), memberSince: minute(1), isDecidedByThese: true },
      reason: { isTrue: true, flipsAt: minute(11), events: [{ event: 'Order Completed', at: minute(1) }] },
    });
    expect(await operator.explain(table, 'buyers', told.profileId, Date.parse(minute(11)))).toMatchObject({
      ...{ at: minute(11), memberSince: minute(1), reason: { isTrue: false, flipsAt: null, events: [] } },
    });
  });

  it('and is told when other definitions decided last', async () => {
    const others = segmentOperator(
      configOf({ segments: [{ key: 'buyers', name: 'Bought', where: did('Order Completed').within('1m') }] }),
    );
    expect(await others.explain(table, 'buyers', 'user_id:ann', Date.parse(minute(3)))).toMatchObject({
      ...{ memberSince: minute(1), isDecidedByThese: false, reason: { isTrue: false } },
    });
  });

  it.each([
    { key: 'nope', whom: 'user_id:ann', says: 'there is no such segment' },
    { key: 'buyers', whom: 'user_id:bob', says: 'there is no such profile' },
    { key: 'buyers', whom: 'ann', says: 'name the profile as type:value' },
    { key: 'buyers', whom: 'group_id:acme', says: 'this segment is about people' },
  ])('and is refused $key, $whom: $says', async ({ key, whom, says }) =>
    expect(operator.explain(table, key, whom, 0)).rejects.toThrow(says),
  );
});
