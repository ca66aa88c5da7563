import { expect, it } from 'vitest';
import { type DeliveringCase, deliveringCostOf } from '../../bench/deliveries/delivering.ts';
import { outageCostOf } from '../../bench/deliveries/outage.ts';
import { assumptions } from '../../bench/metering/assumptions.ts';

const usual = { deliveries: 1_200, seed: 1, seconds: assumptions.deliverSeconds };
const costOf = (asked: Pick<DeliveringCase, 'told' | 'messages' | 'batch' | 'perSecond'>) =>
  deliveringCostOf({ ...usual, ...asked });

it.each([
  { told: 'changes', messages: 1, most: 5 },
  { told: 'changes', messages: 10, most: 1.9 },
  { told: 'changes', messages: 10, perSecond: 1_000, most: 2 },
  { told: 'changes', messages: 10, batch: 100, most: 1.9 },
  { told: 'traits', messages: 1, most: 7.2 },
  { told: 'traits', messages: 10, most: 4 },
  { told: 'events', messages: 1, most: 0.25 },
  { told: 'events', messages: 1, batch: 1_000, most: 0.11 },
] as const)(
  'a million deliveries of $told cost at most $most dollars: $messages messages, $batch in a call',
  async (asked) => {
    const { bill } = await costOf(asked);
    expect(bill.dollars()).toBeLessThan(asked.most);
    expect(bill.dollars()).toBeGreaterThan(asked.most / 2);
  },
);

it('reads the profile twice, what was told and the breaker, writes once, and keeps a row for each invocation', async () => {
  const { bill } = await costOf({ told: 'changes', messages: 1 });
  // The breaker, and two profiles; what was told is missing at first and has one item later.
  expect(bill.units('dynamoRead') / 1e6).toBeCloseTo(4, 1);
  expect(bill.units('dynamoWrite') / 1e6).toBeCloseTo(1, 1);
  expect(bill.units('firehoseGb')).toBeCloseTo((1e6 * 5 * 1024) / 2 ** 30, 2);
});

it('of a value reads the person twice, the definitions and twice what was told, and writes three times', async () => {
  const { bill } = await costOf({ told: 'traits', messages: 1 });
  // The breaker, too. Written is that the value begins, that it is known, and that the message has ended.
  expect(bill.units('dynamoRead') / 1e6).toBeCloseTo(6, 1);
  expect(bill.units('dynamoWrite') / 1e6).toBeCloseTo(3, 1);
});

it('shares the gate, the row and the lines of log among the messages of an invocation', async () => {
  const [alone, together] = [
    await costOf({ told: 'changes', messages: 1 }),
    await costOf({ told: 'changes', messages: 10 }),
  ];
  for (const unit of ['lambdaRequest', 'logGb', 'firehoseGb'] as const)
    expect(together.bill.units(unit) / alone.bill.units(unit)).toBeCloseTo(0.1, 2);
  expect(together.bill.units('dynamoRead') / 1e6).toBeCloseTo(3.1, 1);
});

it('calls a destination that takes batches once for a message of forwarded events, and waits once for it', async () => {
  const [each, batches] = [
    await costOf({ told: 'events', messages: 1 }),
    await costOf({ told: 'events', messages: 1, batch: 1_000 }),
  ];
  expect(each.requestsPerDelivery).toBe(1);
  expect(batches.requestsPerDelivery).toBeLessThan(1 / 40);
  expect(batches.bill.units('lambdaArmSecond')).toBeLessThan(each.bill.units('lambdaArmSecond') / 2);
});

it('asks for no secret, key, write or message of a single forwarded event', async () => {
  const { bill } = await costOf({ told: 'events', messages: 1, batch: 1_000 });
  for (const { unit, unitsPerMillion } of bill.lines)
    if (unit !== 'lambdaArmSecond') expect(unitsPerMillion).toBeLessThan(1e6 / 20);
});

it('lets a million messages wait for four hours at a fraction of what polling them costs', async () => {
  const [polled, resting] = [
    await outageCostOf({ messages: 1_000_000, rests: false }),
    await outageCostOf({ messages: 1_000_000, rests: true }),
  ];
  expect(polled.dollars).toBeGreaterThan(1);
  expect(resting.dollars / polled.dollars).toBeLessThan(0.35);
});
