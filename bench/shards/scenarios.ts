import { assumptions } from '../metering/assumptions.ts';
import type { Scenario } from './scenario.ts';

/**
 * 100,000 events a second of people who are known, 20 in a request from a device of theirs, and a table that is warm
 * enough.
 */
const usual = {
  ...{ seconds: 120, eventsPerSecond: 100_000, eventBytes: 1000, eventsPerRecord: 20, mixed: false },
  ...{ senders: 200_000, skew: 0, hotShare: 0 },
  ...{ shards: 200, factor: 1, gatherSeconds: 5, ofOneAccount: 0 },
  ...{ partitions: 200, units: { reads: 1, writes: 1 }, secondsPerWrite: assumptions.dynamoCall },
} satisfies Omit<Scenario, 'name'>;

const unequal = { skew: 0.6 } as const;
const servers = { mixed: true } as const;
const strangers = {
  ...servers,
  secondsPerWrite: assumptions.dynamoTransaction,
  units: { reads: 3, writes: 2 },
} as const;
const alone = { eventsPerRecord: 1, seconds: 20 } as const;

/** What is played, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  { name: 'people who are alike', shards: 100 },
  { name: 'unequal people', shards: 100, ...unequal },
  { name: 'unequal people', ...unequal },
  { name: 'unequal people, 100 shards that are split after 40 s', shards: 100, splitAt: 40, ...unequal },
  { name: 'a sender of 2 % of all events', hotShare: 0.02 },
  { name: 'each event a request', shards: 100, ...alone },
  { name: 'each event a request', ...alone },
  { name: 'servers, f = 1', ...servers },
  { name: 'servers, f = 1, everybody is new', partitions: 400, ...strangers },
  { name: 'the same, `parallelizationFactor: 2`', partitions: 400, factor: 2, ...strangers },
  { name: 'servers, f = 1, a new table', ...servers, partitions: 4 },
  { name: 'servers, f = 1, a table warmed to a third', ...servers, partitions: 35 },
  { name: 'an account in 1 % of all requests', ofOneAccount: 0.01 },
  { name: 'the same, `batchingWindow` of 30 s', ofOneAccount: 0.01, gatherSeconds: 30 },
].map((each) => ({ ...usual, ...each }));
