import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { freshRegistry, registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { deliveryGate } from '../../lambdas/adapters/dynamodb/delivery-gate.ts';
import { type DeliveryPlace, deliveryMemory } from '../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { registryKey } from '../../lambdas/adapters/dynamodb/keys.ts';
import { personMark } from '../../lambdas/adapters/dynamodb/person-mark.ts';
import { profileReader } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { traitMemory } from '../../lambdas/adapters/dynamodb/trait-memory.ts';
import { hiding } from '../../lambdas/adapters/queues/hiding.ts';
import { destinationSettings } from '../../lambdas/adapters/secrets/destination-settings.ts';
import { deliveryStream } from '../../lambdas/adapters/streams/delivery-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Destination as Configured } from '../../lambdas/core/destinations/definition.ts';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import { toRegistryItem } from '../../lambdas/core/segments/history/registry.ts';
import { createHandler } from '../../lambdas/functions/deliver/handler.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { everyAggregate } from '../events/every-aggregate.ts';
import { assumptions } from './assumptions.ts';
import { firehose, queue, secrets, waiting } from './delivery-services.ts';
import { dynamoListener, gigabyte, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';
import { tableName } from './metered-stitch.ts';
import { Waves } from './waves.ts';

const part = 'deliver';
/** A line of embedded metrics: two counts of a destination. */
const metricLine = 450;
const megabytes = 512;

/** How a tool takes what it is told, and the processor time for each thing. */
export interface DeliverCase {
  /** How many things it takes in one call; undefined if one by one. */
  readonly batch?: number | undefined;
  /** Its limit of deliveries a second. */
  readonly perSecond?: number | undefined;
  /** Measured where it is not given. */
  readonly seconds?: number | undefined;
  /** Whether its breaker is open all the time, so that it takes nothing and everything is hidden. */
  readonly isOpen?: boolean | undefined;
}

/** Where deliveries come from: the configuration with the destination, and the table with everybody. */
interface Place {
  readonly config: CdpConfig;
  readonly destination: Configured;
  readonly table: MemoryDynamoDb;
}

/** The function that delivers to a destination, with its real adapters over counting services. */
export function meteredDeliver(
  meter: Meter,
  { config, destination: told, table }: Place,
  { batch, perSecond, seconds, isOpen }: DeliverCase,
) {
  const waves = new Waves();
  const began = Date.UTC(2026, 10, 23, 12);
  const now = () => began + waves.seconds * 1_000;
  const client = waiting(table.heardBy(dynamoListener(meter, part)).client, waves);
  const place = { client, tableName, destination: told.id, pause: async () => {}, now };
  const settings = destinationSettings(secrets(meter, waves), 'the secret of the tool', now);
  const counts = { told: 0, requests: 0 };
  const destination: Destination = {
    ...(batch !== undefined && { batches: { size: batch, keyOf: () => '' } }),
    deliver: async (items) => {
      await settings();
      await waves.pass(assumptions.webhookCall);
      counts.told += items.length;
      counts.requests += 1;
      return items.map(() => ({ kind: 'delivered', status: 200, requests: 1 }));
    },
  };
  const gate = deliveryGate(place, { isPaced: perSecond !== undefined });
  const openUntil = began + assumptions.longOutage;
  const handler = createHandler({
    config,
    segments: new Set(told.segments),
    traits: traitPlaces({ config, destination: told, table }, place),
    consent: told.consent,
    uses: told.uses,
    personal: told.personal,
    ...askedBarriers(),
    find: profileReader(client, tableName, place.pause).find,
    memory: deliveryMemory(place),
    gate: isOpen
      ? { ...gate, read: async () => ({ ...(await gate.read()), breaker: { ...openFor, openUntil } }) }
      : gate,
    perSecond,
    destination,
    ...unneeded,
    ...(isOpen && { putOff: hiding(queue(meter, waves), 'the queue of the tool') }),
    attempts: {
      destination: told.id,
      log: deliveryStream(firehose(meter, waves), 'deliveries'),
      marking: personMark(place),
      measure: async (act) => ({ result: await act(), sent: 1_000, answered: 100 }),
      tally: () => meter.count(part, 'logGb', metricLine / gigabyte),
      failureRate: () => {},
    },
    now,
    chance: () => 0,
  });

  /** Delivers messages in one invocation. */
  const deliver = async (bodies: readonly string[]): Promise<void> => {
    // A message is received and deleted, up to ten in a request; it is not deleted where nothing is taken.
    meter.count('queue', 'sqsRequest', (isOpen ? 1 : 2) * Math.ceil(bodies.length / 10));
    const [waited, told] = [waves.seconds, counts.told];
    const cpu = await cpuSecondsOf(async () => {
      const { batchItemFailures } = (await handler(sqsEvent(bodies, now()))) as { batchItemFailures: unknown[] };
      if (batchItemFailures.length > 0 && !isOpen) throw new Error('the destination takes everything');
    });
    const cpuSeconds = seconds === undefined ? cpu : (counts.told - told) * seconds;
    countFunction(meter, part, { invocations: 1, cpuSeconds, waitSeconds: waves.seconds - waited, megabytes });
  };
  return { deliver, counts };
}

/** Computed traits with the registry of the table, where the deployment has written it. */
function traitPlaces({ config, destination, table }: Place, place: DeliveryPlace) {
  if (destination.traits.length === 0) return undefined;
  const written = everyAggregate(config)().then((registry) =>
    table
      .heardBy({ read: () => {}, write: () => {}, call: () => {} })
      .client.send(new PutCommand({ TableName: tableName, Item: { ...registryKey, ...toRegistryItem(registry, 1) } })),
  );
  const registry = freshRegistry(registryTable(place.client, tableName, place.pause).read, place.now, 0);
  let tries = 0;
  return {
    keys: new Set(destination.traits),
    memory: traitMemory(place),
    newTry: () => `try ${tries++}`,
    definitions: async () => {
      await written;
      return { ...config, registry: await registry() };
    },
  };
}

const untried = async () => {
  throw new Error('the destination takes everything');
};
/** What a delivery does not need whose destination takes everything. */
const unneeded = { putOff: untried, giveUp: untried, sendBack: untried, failing: () => {}, warn: () => {} };

/** What a breaker that is open for long knows besides its time. */
const openFor = { recent: 'x'.repeat(30), openings: 5 };

let sent = 0;
/** Messages that come for the first time. */
const sqsEvent = (bodies: readonly string[], at: number): SQSEvent => ({
  Records: bodies.map(
    (body): SQSRecord =>
      ({
        messageId: `message ${sent++}`,
        receiptHandle: 'a receipt',
        body,
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(at),
          ApproximateFirstReceiveTimestamp: String(at),
        },
        messageAttributes: {},
      }) as unknown as SQSRecord,
  ),
});
