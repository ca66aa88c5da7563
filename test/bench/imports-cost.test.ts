import { beforeAll, describe, expect, it } from 'vitest';
import type { DoorName } from '../../bench/imports/doors.ts';
import { glueHours } from '../../bench/imports/growth.ts';
import { assumedDoorSeconds, entryCostOf } from '../../bench/imports/imports.ts';
import type { Bill } from '../../bench/metering/meter.ts';

/** Dollars per million rows of 1 KB, up to the stream and the raw zone, at f = 1 and at f = 20. */
const ceilings = [
  { door: 'file', events: 8_000, dollars: [0.36, 0.24] },
  { door: 'pieces', events: 4_000, dollars: [0.36, 0.24] },
  { door: 'records', events: 8_000, dollars: [0.05, 0.05] },
  { door: 'topics', events: 2_000, dollars: [0.22, 0.1] },
  { door: 'webhooks', events: 1_000, dollars: [2, 2] },
] as const satisfies readonly { door: DoorName; events: number; dollars: readonly [number, number] }[];

describe.each(ceilings)('a million rows that come by $door', ({ door, events, dollars: [apart, together] }) => {
  const bills = new Map<number, Bill>();
  beforeAll(async () => {
    // Nothing is timed: processor time is the assumed one.
    for (const fold of [1, 20])
      bills.set(fold, await entryCostOf({ door, fold, events, seed: 1, seconds: assumedDoorSeconds }));
  }, 120_000);

  it(`cost at most ${apart} dollars until they are on the stream, and ${together} at f = 20`, () => {
    expect(bills.get(1)?.dollars()).toBeLessThan(apart);
    expect(bills.get(20)?.dollars()).toBeLessThan(together);
  });

  it('pay for the function that takes them', () => {
    for (const unit of ['lambdaRequest', 'lambdaArmSecond'] as const)
      expect(bills.get(1)?.units(unit)).toBeGreaterThan(0);
  });
});

it('records that did not change are never on the stream', async () => {
  const bill = await entryCostOf({ door: 'records', fold: 1, events: 8_000, seed: 1, seconds: assumedDoorSeconds });
  expect(bill.units('kinesisPutUnit') + bill.units('firehoseGb')).toBe(0);
});

it('hours of Glue are those of two workers for the seconds that more rows take', () => {
  const lines = [
    { rows: 1_000, files: 10 },
    { rows: 11_000, files: 46 },
  ] as const;
  // 36 seconds for 10,000 rows are an hour for a million, of two workers.
  expect(glueHours(lines, 'files')).toBeCloseTo(2, 9);
});
