import { beforeAll, describe, expect, it } from 'vitest';
import { windowedCostOf } from '../../bench/cost/cost.ts';
import { assumedSeconds } from '../../bench/metering/assumptions.ts';
import type { Costed } from '../../bench/metering/metered-platform.ts';

describe('a million events of 1 KB with ten segments that read events of a time', () => {
  const costs = new Map<number, Costed>();
  beforeAll(async () => {
    for (const fold of [1, 20])
      costs.set(fold, await windowedCostOf({ fold, seed: 1, events: 10_000, seconds: assumedSeconds }));
  }, 180_000);

  it.each([
    { fold: 1, total: 2.1 },
    { fold: 20, total: 0.34 },
  ])('cost at most $total dollars at f = $fold, wakes and the due index included', ({ fold, total }) => {
    expect(costs.get(fold)?.events).toBeGreaterThanOrEqual(10_000);
    expect(costs.get(fold)?.bill.dollars()).toBeLessThan(total);
  });

  it.each([1, 20])('pay for the due index and for wakes at f = %d', (fold) => {
    const { wakes = 0, bill } = costs.get(fold) ?? {};
    const unitsOf = (part: string): number =>
      bill?.lines.find((line) => line.part === part && line.unit === 'dynamoWrite')?.unitsPerMillion ?? 0;
    expect(wakes).toBeGreaterThan(1000);
    // A wake moves an entry or removes it, and writes a profile.
    expect(unitsOf('stitch, due index') + unitsOf('tend, due index')).toBeGreaterThan(wakes);
    expect(unitsOf('tend')).toBeGreaterThanOrEqual(wakes);
  });
});
