import { beforeAll, describe, expect, it } from 'vitest';
import { costOf, naiveCostOf } from '../../bench/cost/cost.ts';
import { assumedSeconds } from '../../bench/metering/assumptions.ts';
import type { Costed } from '../../bench/metering/metered-platform.ts';

describe('a million events of 1 KB, with profiles, segments and deliveries', () => {
  const ours = new Map<number, Costed>();
  let naive: Costed;
  beforeAll(async () => {
    // Nothing is timed: processor time is the assumed one.
    const measured = {
      seed: 1,
      events: 1000,
      seconds: assumedSeconds,
    };
    for (const fold of [1, 20]) ours.set(fold, await costOf({ fold, ...measured }));
    naive = await naiveCostOf({ fold: 20, ...measured });
  }, 120_000);

  it.each([
    { fold: 1, dynamo: 1.15, total: 1.4 },
    { fold: 20, dynamo: 0.14, total: 0.3 },
  ])('cost at most $total dollars at f = $fold, $dynamo of them for DynamoDB', ({ fold, dynamo, total }) => {
    expect(ours.get(fold)?.events).toBeGreaterThanOrEqual(1000);
    expect(ours.get(fold)?.bill.dollars('dynamoWrite', 'dynamoRead')).toBeLessThan(dynamo);
    expect(ours.get(fold)?.bill.dollars()).toBeLessThan(total);
  });

  it('write a profile once per batch, however many of its events the batch holds', () => {
    expect(ours.get(1)?.fold).toBeCloseTo(1, 1);
    expect(ours.get(20)?.fold).toBeGreaterThan(15);
  });

  it('pay for everything that was used', () => {
    const units = new Set(ours.get(20)?.bill.lines.map(({ unit }) => unit));
    for (const unit of [
      'httpApiRequest',
      'kinesisPutUnit',
      'kinesisShardHour',
      'firehoseGb',
      's3Put',
      'lambdaRequest',
      'lambdaArmSecond',
    ] as const)
      expect(units).toContain(unit);
    for (const unit of ['dynamoRead', 'dynamoWrite', 'busEvent', 'sqsRequest', 'logGb'] as const)
      expect(units).toContain(unit);
  });

  it('cost the naive design at least twenty times as much at f = 20', () =>
    expect(naive.bill.dollars()).toBeGreaterThan(20 * (ours.get(20)?.bill.dollars() ?? 0)));
});
