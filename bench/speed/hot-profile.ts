import type { KinesisStreamEvent } from 'aws-lambda';
import { markWindow } from '../../lambdas/core/profile/message-marks.ts';
import { type Random, seededRandom } from '../../local/demo/shop/random.ts';
import { itemSize } from '../../test/fakes/item-size.ts';
import { kinesisEvent, recordOf } from '../../test/fakes/kinesis.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { inBatches, now, stamped, stitchInto, userId } from '../events/crowd.ts';
import { sampleCall } from '../events/sample-events.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { config } from './stitch.ts';
import { spread } from './stopwatch.ts';

const eventBytes = 800;
const [eventsPerBatch, eventsPerRecord] = [1000, 20];
/** Events that the profile has taken in when it is looked at. */
const stages = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 100_000] as const;
/** The most that one shard takes in, by AWS's quotas: a megabyte or a thousand records a second. */
const shard = { bytes: 1_000_000, records: 1000 };

/** One profile that receives everything a shard can bring, for as long as it likes. */
export const hotProfile: Bench = {
  name: 'hot-profile',
  about: 'events a second that stitch folds into one profile that receives them all, as it grows to 100,000 events',
  run: async ({ seed, rounds, progress }: BenchOptions): Promise<Found> => {
    const all: Stage[][] = [];
    for (let round = 0; round < rounds; round++) {
      all.push(await feed(seededRandom(seed)));
      progress(round + 1);
    }
    const found = stages.map((_, n) => summed(all.map((round) => round[n] as Stage)));
    return {
      tables: [table(found)],
      data: {
        eventBytes,
        eventsPerBatch,
        eventsPerRecord,
        markWindow,
        shardBrings: eventsAShardBrings(seed),
        stages: found,
      },
    };
  },
};

interface Stage {
  readonly events: number;
  /** Of the batches since the stage before. */
  readonly perSecond: number;
  readonly itemBytes: number;
  readonly writesPerBatch: number;
}

/** Gives one person batch after batch, and looks at each stage. */
async function feed(random: Random): Promise<Stage[]> {
  const table = new MemoryDynamoDb();
  const stitch = stitchInto(table, config);
  const found: Stage[] = [];
  let events = 0;
  for (const stage of stages) {
    const batches = Array.from({ length: (stage - events) / eventsPerBatch }, () => batchOf(random));
    const [writes, cpu] = [table.writes, process.cpuUsage()];
    for (const batch of batches)
      if ((await stitch(batch)).batchItemFailures.length > 0)
        throw new Error('a table in memory must not be contended');
    const { user, system } = process.cpuUsage(cpu);
    const itemBytes = Math.max(...[...table.rows('profiles').values()].map(itemSize));
    const taken = batches.length * eventsPerBatch;
    found.push({
      events: stage,
      perSecond: taken / ((user + system) / 1e6),
      itemBytes,
      writesPerBatch: (table.writes - writes) / batches.length,
    });
    events = stage;
  }
  return found;
}

function batchOf(random: Random): KinesisStreamEvent {
  const events = Array.from({ length: eventsPerBatch }, () =>
    stamped(sampleCall(random, { userId: userId(0), at: now + random.below(60_000), bytes: eventBytes })),
  );
  return kinesisEvent(inBatches(events, eventsPerRecord).map(recordOf));
}

const summed = (rounds: readonly Stage[]) => ({
  ...(rounds[0] as Stage),
  perSecond: spread(rounds.map(({ perSecond }) => perSecond)),
});

/** Events of this size a second that reach stitch when a shard is full; one person's events all go to one shard. */
function eventsAShardBrings(seed: number): number {
  const random = seededRandom(seed);
  const record = recordOf(
    Array.from({ length: eventsPerRecord }, () =>
      stamped(sampleCall(random, { userId: userId(0), at: now, bytes: eventBytes })),
    ),
  );
  return Math.floor(
    Math.min(shard.records * eventsPerRecord, (shard.bytes / Buffer.byteLength(record)) * eventsPerRecord),
  );
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const table = (found: readonly ReturnType<typeof summed>[]): Table => ({
  title: 'stitch: one profile that receives every event',
  columns: ['events it has taken in', 'events/s per core', 'min..max', 'item', 'writes per batch of 1,000'],
  rows: found.map(({ events, perSecond, itemBytes, writesPerBatch }) => [
    count(events),
    count(perSecond.median),
    `${count(perSecond.min)}..${count(perSecond.max)}`,
    `${(itemBytes / 1024).toFixed(1)} KB`,
    writesPerBatch.toFixed(2),
  ]),
  notes: [`A profile remembers its last ${count(markWindow.count)} messages; from there on it grows no more.`],
});
