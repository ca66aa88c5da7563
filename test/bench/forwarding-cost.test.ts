import { expect, it } from 'vitest';
import { forwardingCostOf } from '../../bench/deliveries/forwarding.ts';
import { assumptions } from '../../bench/metering/assumptions.ts';

const usual = { eventsPerWindow: 1_000, events: 5_000, seed: 1, seconds: assumptions.forwardSeconds };

it('forwards a million events to ten destinations that take half each for at most 0.20 dollars', async () => {
  const { bill, share, eventsPerMessage } = await forwardingCostOf({ ...usual, destinations: 10, share: 0.5 });
  expect(share).toBeGreaterThan(0.5);
  expect(eventsPerMessage).toBeGreaterThan(40);
  expect(bill.dollars()).toBeLessThan(0.2);
  expect(bill.units('sqsRequest')).toBeGreaterThan(200_000);
});

it('puts no event on a bus, and asks nobody about a single event', async () => {
  const { bill } = await forwardingCostOf({ ...usual, destinations: 20, share: 1 });
  expect([...new Set(bill.lines.map(({ unit }) => unit))].sort()).toEqual([
    'lambdaArmSecond',
    'lambdaRequest',
    'logGb',
    'sqsRequest',
  ]);
  for (const { unit, unitsPerMillion } of bill.lines)
    if (unit === 'lambdaRequest' || unit === 'sqsRequest') expect(unitsPerMillion).toBeLessThan((20 * 1e6) / 40);
});
