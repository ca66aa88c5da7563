import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { configuredBus, segmentBus } from '../../lambdas/adapters/bus/segment-bus.ts';
import type { PutLines } from '../../lambdas/adapters/streams/delivery-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { table as names } from '../../lambdas/core/contract/storage.ts';
import { createHandler as createPublish } from '../../lambdas/functions/publish/handler.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from './assumptions.ts';
import { firehoseGigabytes, type Meter } from './meter.ts';
import { meteredDeliver } from './metered-deliver.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';

/** An event of the bus, whose rules choose by the destinations in it. */
const Announced = z.looseObject({ destinations: z.array(z.string()) });

/** Processor time, measured where it is not given. */
interface DeliverySeconds {
  readonly publish?: number | undefined;
  readonly deliver?: number | undefined;
}

/**
 * The way from written items to a destination that was told and to the identity log, counted. Each change is a message
 * and an invocation of its own.
 */
export function meteredDelivery(meter: Meter, config: CdpConfig, table: MemoryDynamoDb, seconds: DeliverySeconds = {}) {
  const announced: string[] = [];
  const append: PutLines = async (packs) => {
    for (const { text } of packs) meter.count('identity log', 'firehoseGb', firehoseGigabytes(text.length));
    return { ok: true };
  };
  const publish = createPublish({
    send: segmentBus(bus(meter, announced), configuredBus('segments', config), () => {}),
    append,
    keep: async () => ({ ok: false, reason: 'failed', error: 'nothing here cannot be read' }),
  });
  const deliverers = new Map(
    config.destinations.map((destination) => [
      destination.id,
      meteredDeliver(meter, { config, destination, table }, { seconds: seconds.deliver }).deliver,
    ]),
  );

  return async (written: readonly Item[]): Promise<void> => {
    const Records = written.filter((row) => names.changes in row || names.log in row).map(streamRecord);
    if (Records.length === 0) return;
    announced.length = 0;
    const cpu = await cpuSecondsOf(async () => void (await publish({ Records } as DynamoDBStreamEvent)));
    const cpuSeconds = seconds.publish === undefined ? cpu : Records.length * seconds.publish;
    const invocations = Math.ceil(Records.length / 100);
    const waitSeconds =
      Math.ceil(announced.length / 10) * assumptions.dynamoCall + invocations * assumptions.dynamoCall;
    countFunction(meter, 'publish', { invocations, cpuSeconds, waitSeconds, megabytes: 512 });
    for (const detail of announced)
      for (const id of Announced.parse(JSON.parse(detail)).destinations) {
        meter.count('queue', 'sqsRequest', 1);
        await deliverers.get(id)?.([JSON.stringify({ detail: JSON.parse(detail) })]);
      }
  };
}

const streamRecord = (row: Item, index: number) => ({
  dynamodb: {
    SequenceNumber: String(index + 1),
    NewImage: Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) => (typeof value === 'string' ? [[name, { S: value }]] : [])),
    ),
  },
});

/** Takes every event and counts it, 64 KB each. */
function bus(meter: Meter, announced: string[]): EventBridgeClient {
  const take = (detail: string): object => {
    meter.count('publish', 'busEvent', Math.ceil(detail.length / (64 * 1024)));
    announced.push(detail);
    return { EventId: 'an event' };
  };
  return {
    send: async ({ input }: PutEventsCommand) => ({
      Entries: (input.Entries ?? []).map(({ Detail = '{}' }) => take(Detail)),
    }),
  } as unknown as EventBridgeClient;
}
