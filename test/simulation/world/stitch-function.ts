import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';
import { OwnerMemory } from '../../../lambdas/adapters/dynamodb/owner-memory.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import { deliveryStream } from '../../../lambdas/adapters/streams/delivery-stream.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { NewProfileId } from '../../../lambdas/core/profile/new-profile-id.ts';
import type { OwnerName } from '../../../lambdas/core/profile/owner-name.ts';
import type { AggregateRegistry } from '../../../lambdas/core/segments/history/registry.ts';
import { createHandler } from '../../../lambdas/functions/stitch/handler.ts';
import type { Worker, World } from '../running/worker.ts';
import type { LogLine } from './outbox.ts';
import { faultyLines, type Parked } from './quarantine.ts';
import type { StreamRecord } from './stream.ts';
import type { Invoke } from './stream-mapping.ts';

interface StitchSurroundings {
  readonly config: CdpConfig;
  readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  readonly parked: Parked[];
  readonly log: LogLine[];
  readonly world: World;
  /** Since when aggregates count; without it, all do since the first event. */
  readonly registry?: (worker: Worker) => Promise<AggregateRegistry | undefined>;
  /** What the instance of a worker remembers, if something else keeps instances. */
  readonly owners?: (worker: Worker) => OwnerMemory;
  /** Ids of new profiles, if they must be as they are when deployed. */
  readonly newProfileId?: NewProfileId;
}

/** Few, so that names are forgotten and read again. */
const mostRemembered = 12;

/** A key in the clear; people and accounts have keys of their own, as `identifier-key.ts` gives them. */
export const clearKey = (name: OwnerName): string => name.replace(':', '#');

/**
 * The stitch function as `lambdas/functions/stitch/index.ts` wires it, over fakes; only keys are in the clear, so that
 * a checker can read them.
 */
export function stitchFunction(surroundings: StitchSurroundings): Invoke<string> {
  let made = 0;
  const idle: OwnerMemory[] = [];
  return async (records, worker) => {
    const { config, clientFor, parked, log, world, registry, newProfileId } = surroundings;
    const pause = (): Promise<void> => worker.call('waits', () => {});
    // An instance does one invocation at a time, and what one remembers that dies is gone.
    const memory = surroundings.owners?.(worker) ?? idle.pop() ?? new OwnerMemory(mostRemembered);
    const { load, write, release } = profileTable(clientFor(worker), 'profiles', clearKey, pause).remembering(memory);
    const policy = { attempts: 3, baseMilliseconds: 1, capMilliseconds: 1, random: () => 0, sleep: pause };
    const handler = createHandler({
      config,
      registry: async () => registry?.(worker),
      load,
      write,
      release,
      quarantine: deliveryStream(faultyLines(parked, worker, world), 'quarantine', policy),
      append: deliveryStream(faultyLines(log, worker, world), 'log', policy),
      newProfileId:
        newProfileId ??
        ((createdAt) =>
          `per_${Date.parse(createdAt).toString(16)}${world.chance.below(0xffff).toString(16)}.${++made}`),
      pause,
      count: ({ contended = 0, unkept = 0 }) => {
        if (contended > 0) world.tally.add('events contended beyond the last attempt', contended);
        if (unkept > 0) world.tally.add('values for which a profile had no room', unkept);
      },
      countSuppressed: (sources) => {
        if (sources.length > 0) world.tally.add('events that barriers stopped', sources.length);
      },
      warn: () => {},
    });
    const { batchItemFailures } = await handler(eventOf(records));
    if (memory.size > 0) world.tally.add('owners remembered between invocations');
    if (surroundings.owners === undefined) idle.push(memory);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
}

/** What Lambda hands to a function, as far as this one reads it. */
const eventOf = (records: readonly StreamRecord<string>[]): KinesisStreamEvent =>
  ({
    Records: records.map(({ sequenceNumber, data }) => ({
      kinesis: { sequenceNumber, data: Buffer.from(data).toString('base64') },
    })),
  }) as KinesisStreamEvent;
