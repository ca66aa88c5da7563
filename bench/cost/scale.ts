import { assumptions } from '../metering/assumptions.ts';
import type { Costed } from '../metering/metered-platform.ts';
import { shares } from '../metering/trace.ts';
import { byRequest, byTheHour } from './capacity.ts';
import { usualTraffic } from './cost.ts';

/** What a number of events a second asks of each part, and what it costs in a month. */
export interface Needs {
  readonly eventsPerSecond: number;
  readonly f: number;
  readonly requestsPerSecond: number;
  /** Executions of collect at once. */
  readonly collects: number;
  /** Shards that are half used. */
  readonly shards: number;
  /**
   * Batches of stitch at once, so that it uses half of them: of people who are known, and of people who are all new.
   */
  readonly batches: number;
  readonly batchesIfNew: number;
  /** `stitch.parallelizationFactor` with so many shards. */
  readonly factor: number;
  readonly factorIfNew: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly changesPerSecond: number;
  readonly gigabytesPerDay: number;
  readonly dollars: number;
  /** With capacity by the hour, 70 % used. */
  readonly dollarsByTheHour: number;
}

/** Memory of the functions as it is by default. */
const memory = { collect: 512, stitch: 1024 } as const;
const writesAtOnce = 16;
const half = 0.5;
const recordsPerShard = 1000;
const secondsPerMonth = assumptions.hoursPerMonth * 3600;

const processors = (megabytes: number): number => Math.min(1, megabytes / assumptions.megabytesPerProcessor);

/** Seconds that stitch takes for a batch of so many events and profiles, where a write takes so many seconds. */
export function secondsOfBatch(
  { events, touches }: { readonly events: number; readonly touches: number },
  secondsPerWrite: number,
  megabytes: number = memory.stitch,
): number {
  const cpu = (touches * assumptions.stitchTouch + events * assumptions.stitchEvent) / processors(megabytes);
  return cpu + 2 * assumptions.dynamoCall + Math.ceil(touches / writesAtOnce) * secondsPerWrite;
}

/** Events a second that one batch of stitch after the other folds in, where a write takes so many seconds. */
export function eventsOfOneBatch(
  f: number,
  secondsPerWrite: number = assumptions.dynamoCall,
  megabytes: number = memory.stitch,
): number {
  const events = usualTraffic.eventsPerWindow;
  return events / secondsOfBatch({ events, touches: events / f }, secondsPerWrite, megabytes);
}

/** Membership changes a second that one destination's function tells, ten messages a batch. */
export const changesOfOneDestination = (maxConcurrency: number): number =>
  (maxConcurrency * 10) / (assumptions.webhookCall + 2 * assumptions.dynamoCall);

/** Seconds that collect takes for a request. */
const collectSeconds = (events: number): number =>
  assumptions.kinesisPut + (events * assumptions.collectSeconds) / processors(memory.collect);

/**
 * Executions of collect at once, and shards that are half used, where each event is a request and so a record of its
 * own.
 */
export const needsOneByOne = (eventsPerSecond: number) => ({
  collects: Math.ceil(eventsPerSecond * collectSeconds(1)),
  shards: Math.ceil(eventsPerSecond / recordsPerShard / half),
});

/** Computes what so many events a second need, from what a million of them were counted to use. */
export function needs(eventsPerSecond: number, f: number, { bill }: Costed): Needs {
  const perEvent = (units: number) => (units / 1e6) * eventsPerSecond;
  const requestsPerSecond = eventsPerSecond / usualTraffic.eventsPerRequest;
  const shards = Math.ceil(perEvent(bill.units('kinesisShardHour') * 3600));
  const batches = Math.ceil(eventsPerSecond / eventsOfOneBatch(f) / half);
  const batchesIfNew = Math.ceil(eventsPerSecond / eventsOfOneBatch(f, assumptions.dynamoTransaction) / half);
  const millions = (eventsPerSecond * secondsPerMonth) / 1e6;
  return {
    eventsPerSecond,
    f,
    requestsPerSecond,
    collects: Math.ceil(requestsPerSecond * collectSeconds(usualTraffic.eventsPerRequest)),
    shards,
    batches,
    batchesIfNew,
    factor: Math.ceil(batches / shards),
    factorIfNew: Math.ceil(batchesIfNew / shards),
    writeUnits: perEvent(bill.units('dynamoWrite')),
    readUnits: perEvent(bill.units('dynamoRead')),
    changesPerSecond: eventsPerSecond * shares.membership,
    gigabytesPerDay: (eventsPerSecond * usualTraffic.bytes * 86_400) / 2 ** 30,
    dollars: millions * bill.dollars(),
    dollarsByTheHour: millions * (bill.dollars() - byRequest(bill) + byTheHour(bill, 0.7)),
  };
}

/** For reading: two digits that count. */
const round = (value: number): string =>
  value < 10 ? value.toPrecision(2) : Math.round(Number(value.toPrecision(2))).toLocaleString('en-US');

/** Needs as they stand in docs/guides/scale.md, by column. */
export const scaleColumns: readonly (readonly [name: string, of: (needs: Needs) => string])[] = [
  ['events/s', ({ eventsPerSecond }) => eventsPerSecond.toLocaleString('en-US')],
  ['f', ({ f }) => String(f)],
  ['requests/s', ({ requestsPerSecond }) => round(requestsPerSecond)],
  ['collect at once', ({ collects }) => String(collects)],
  ['shards', ({ shards }) => String(shards)],
  ['batches of stitch at once', ({ batches, batchesIfNew }) => `${batches} (${batchesIfNew})`],
  ['`parallelizationFactor`', ({ factor, factorIfNew }) => `${factor} (${factorIfNew})`],
  ['write units/s', ({ writeUnits }) => round(writeUnits)],
  ['read units/s', ({ readUnits }) => round(readUnits)],
  ['changes/s', ({ changesPerSecond }) => round(changesPerSecond)],
  ['raw GB a day', ({ gigabytesPerDay }) => round(gigabytesPerDay)],
  ['$ a month', ({ dollars }) => round(dollars)],
  ['$ by the hour', ({ dollarsByTheHour }) => round(dollarsByTheHour)],
];
