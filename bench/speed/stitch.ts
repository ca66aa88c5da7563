import type { KinesisStreamEvent } from 'aws-lambda';
import { type CdpConfig, parseConfig } from '../../lambdas/core/config/config.ts';
import { type Random, seededRandom } from '../../local/demo/shop/random.ts';
import { itemSize } from '../../test/fakes/item-size.ts';
import { kinesisEvent, recordOf } from '../../test/fakes/kinesis.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import {
  crowdOf,
  deviceId,
  inBatches,
  now,
  type Person,
  stamped,
  stitchInto,
  userId,
  usualPerson,
} from '../events/crowd.ts';
import { plainExample } from '../events/plain-example.ts';
import { type SampleCall, sampleCall } from '../events/sample-events.ts';
import type { Bench, BenchOptions } from '../report/bench.ts';
import { reference } from './reference.ts';
import { type Contestant, race, type Timing } from './stopwatch.ts';
import { timingTable } from './timing-table.ts';

const eventBytes = 800;
const eventsPerRound = 10_000;
const eventsPerRecord = 20;
const eventsPerBatch = 1000;
/** Limits raised so that people with many identifiers can be. */
export const config: CdpConfig = parseConfig({
  ...plainExample,
  sources: [{ id: 'web', kind: 'server', writeKey: 'any-write-key' }],
  identity: { defaultLimit: 1000 },
});

/** How fast the function that makes profiles folds events into them. */
export const stitch: Bench = {
  name: 'stitch',
  about:
    'events a second and core that stitch folds into profiles, by events per profile, by profile size and by identifiers',
  run: async (options) => {
    const bySize = await sizes(options);
    const byFold = await folds(options);
    return {
      tables: [
        timingTable('stitch: events of 800 bytes, usual profiles, f events per profile and batch', byFold),
        timingTable('stitch: f = 20, by profile', bySize),
      ],
      data: { eventBytes, eventsPerRound, eventsPerBatch, eventsPerRecord, usualPerson, byFold, bySize },
    };
  },
};

async function folds({ seed, rounds, progress }: BenchOptions): Promise<Timing[]> {
  const random = seededRandom(seed);
  const crowd = await crowdOf(1000, usualPerson, config, random);
  const traces = [1, 2, 5, 20, 100].map((fold) => traceOf(`f = ${fold}`, crowd, { people: 1000, fold }, random));
  return race([referenceTo(random), ...traces], rounds, progress);
}

const profiles: Readonly<Record<string, Person>> = {
  'small: 1 device, 3 traits, 1 recent event': { devices: 1, traits: 3, recentEvents: 1 },
  'usual: 2 devices, 10 traits, 60 recent events': usualPerson,
  '100 traits': { ...usualPerson, traits: 100 },
  '1,000 recent events': { ...usualPerson, recentEvents: 1000 },
  '4,000 recent events': { ...usualPerson, recentEvents: 4000 },
  '20 devices': { ...usualPerson, devices: 20 },
  '200 devices': { ...usualPerson, devices: 200 },
};

async function sizes({ seed, rounds, progress }: BenchOptions): Promise<Timing[]> {
  const random = seededRandom(seed);
  const contestants: Contestant[] = [];
  for (const [name, person] of Object.entries(profiles)) {
    const crowd = await crowdOf(100, person, config, random);
    const bytes = Math.max(...[...crowd.rows('profiles').values()].map(itemSize));
    contestants.push(traceOf(`${name} (${(bytes / 1024).toFixed(1)} KB)`, crowd, { people: 100, fold: 20 }, random));
  }
  return race([referenceTo(random), ...contestants], rounds, progress);
}

const referenceTo = (random: Random): Contestant =>
  reference(Array.from({ length: eventsPerRound }, (_, n) => JSON.stringify(stamped(callOf(n % 1000, random)))));

/**
 * Batches as Lambda hands them over: records of 20 events, `fold` of each person in a batch, people chosen by chance.
 */
export function traceOf(
  name: string,
  crowd: MemoryDynamoDb,
  { people, fold, events = eventsPerRound }: { people: number; fold: number; events?: number },
  random: Random,
  rules: CdpConfig = config,
): Contestant {
  const batches = Array.from({ length: events / eventsPerBatch }, () => {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(people, eventsPerBatch / fold)) chosen.add(random.below(people));
    const calls = [...chosen].flatMap((n) => Array.from({ length: fold }, () => stamped(callOf(n, random))));
    return kinesisEvent(inBatches(calls, eventsPerRecord).map(recordOf));
  });
  return { name, events, run: () => takeIn(batches, crowd, rules) };
}

async function takeIn(batches: readonly KinesisStreamEvent[], crowd: MemoryDynamoDb, rules: CdpConfig): Promise<void> {
  const handler = stitchInto(crowd, rules);
  const before = crowd.writes;
  for (const batch of batches) {
    const { batchItemFailures } = await handler(batch);
    if (batchItemFailures.length > 0) throw new Error('a table in memory must not be contended');
  }
  if (crowd.writes === before) throw new Error('nothing was written');
}

function callOf(n: number, random: Random): SampleCall {
  const about = { userId: userId(n), anonymousId: deviceId(n, 0), at: now + random.below(60_000), bytes: eventBytes };
  if (!random.chance(0.05)) return sampleCall(random, about);
  return sampleCall(random, {
    ...about,
    type: 'identify',
    traits: { last_album: `album ${random.below(100)}`, visits: random.below(1000) },
  });
}
