import { describe, expect, it } from 'vitest';
import { assumptions } from '../../bench/assumptions.ts';
import { costOf, naiveCostOf } from '../../bench/cost.ts';

/** Nothing is timed: processor time is the assumed one. */
const seconds = { collect: assumptions.collectSeconds, stitch: assumptions.stitchSeconds };
const measured = { seed: 1, events: 2000, seconds };

describe('a million events of 1 KB, with profiles, segments and deliveries', () => {
  it.each([
    { fold: 1, dynamo: 1.3, total: 1.7 },
    { fold: 20, dynamo: 0.14, total: 0.3 },
  ])('cost at most $total dollars at f = $fold, $dynamo of them for DynamoDB', async ({ fold, dynamo, total }) => {
    const { bill, events } = await costOf({ fold, ...measured });
    expect(events).toBeGreaterThanOrEqual(2000);
    expect(bill.dollars('dynamoWrite', 'dynamoRead')).toBeLessThan(dynamo);
    expect(bill.dollars()).toBeLessThan(total);
  });

  it('write a profile once per batch, however many of its events the batch holds', async () => {
    const [one, twenty] = await Promise.all([1, 20].map((fold) => costOf({ fold, ...measured })));
    expect(one?.fold).toBeCloseTo(1, 1);
    expect(twenty?.fold).toBeGreaterThan(15);
  });

  it('cost the naive design at least twenty times as much at f = 20', async () => {
    const [ours, naive] = await Promise.all([costOf({ fold: 20, ...measured }), naiveCostOf({ fold: 20, ...measured })]);
    expect(naive.bill.dollars()).toBeGreaterThan(20 * ours.bill.dollars());
  });
});
