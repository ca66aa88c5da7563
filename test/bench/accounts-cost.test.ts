import { beforeAll, describe, expect, it } from 'vitest';
import { accountsCostOf, type Use, uses } from '../../bench/cost/accounts.ts';
import { assumedSeconds } from '../../bench/metering/assumptions.ts';
import type { Costed } from '../../bench/metering/metered-platform.ts';

describe('a million events of 1 KB of people who work for companies, at f = 20', () => {
  const costs = new Map<Use, Costed>();
  beforeAll(async () => {
    for (const use of uses)
      costs.set(use, await accountsCostOf(use, { fold: 20, seed: 1, events: 5_000, seconds: assumedSeconds }));
  }, 180_000);
  const readsPerEvent = (use: Use): number => (costs.get(use)?.bill.units('dynamoRead') ?? 0) * 1e-6;

  it.each<{ use: Use; total: number }>([
    { use: 'nobody asks', total: 0.32 },
    { use: 'accounts are counted', total: 0.32 },
    { use: 'and people ask for them', total: 0.35 },
  ])('cost at most $total dollars where $use', ({ use, total }) => {
    expect(costs.get(use)?.events).toBeGreaterThanOrEqual(5_000);
    expect(costs.get(use)?.bill.dollars()).toBeLessThan(total);
  });

  it('read accounts where people ask for them alone, and then less than once in ten events', () => {
    const [none, counted, asked] = uses.map(readsPerEvent) as [number, number, number];
    expect(counted - none).toBeLessThan(0.01);
    expect(asked - counted).toBeGreaterThan(0.01);
    expect(asked - counted).toBeLessThan(0.1);
  });

  it('wake for each change of an account its people, and nobody else', () => {
    const [none, counted, asked] = uses.map((use) => costs.get(use)) as [Costed, Costed, Costed];
    expect([none.accountChanges, counted.accountChanges]).toEqual([0, 0]);
    expect(asked.accountChanges).toBeGreaterThan(0);
    expect(asked.toldByChange).toBeGreaterThanOrEqual(10);
    expect(asked.toldByChange).toBeLessThanOrEqual(11);
  });
});
