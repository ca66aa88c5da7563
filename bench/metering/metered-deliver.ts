import type { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { deliveryGate } from '../../lambdas/adapters/dynamodb/delivery-gate.ts';
import { deliveryMemory } from '../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { personMark } from '../../lambdas/adapters/dynamodb/person-mark.ts';
import { profileReader } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { destinationSettings } from '../../lambdas/adapters/secrets/destination-settings.ts';
import { deliveryStream } from '../../lambdas/adapters/streams/delivery-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import { createHandler } from '../../lambdas/functions/deliver/handler.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from './assumptions.ts';
import { dynamoListener, firehoseGigabytes, gigabyte, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';
import { tableName } from './metered-stitch.ts';
import { Waves } from './waves.ts';

const part = 'deliver';
/** A line of embedded metrics: two counts of a destination. */
const metricLine = 450;
const megabytes = 512;

/** A destination of the bench, and the processor time for each thing that it is told. */
export interface DeliverCase {
  /** How many things it takes in one call; undefined if one by one. */
  readonly batch?: number | undefined;
  /** Its limit of deliveries a second. */
  readonly perSecond?: number | undefined;
  /** Measured where it is not given. */
  readonly seconds?: number | undefined;
}

/** The function that delivers, with its real adapters over counting services. */
export function meteredDeliver(
  meter: Meter,
  config: CdpConfig,
  table: MemoryDynamoDb,
  { batch, perSecond, seconds }: DeliverCase,
) {
  const waves = new Waves();
  const began = Date.UTC(2026, 10, 23, 12);
  const now = () => began + waves.seconds * 1_000;
  const client = waiting(table.heardBy(dynamoListener(meter, part)).client, waves);
  const place = { client, tableName, destination: 'tool', pause: async () => {}, now };
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
  const handler = createHandler({
    config,
    segments: new Set(config.segments.map(({ key }) => key)),
    consent: [],
    find: profileReader(client, tableName, place.pause).find,
    memory: deliveryMemory(place),
    gate: deliveryGate(place),
    perSecond,
    destination,
    ...unneeded,
    attempts: {
      destination: 'tool',
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
    const [waited, told] = [waves.seconds, counts.told];
    const cpu = await cpuSecondsOf(async () => {
      const { batchItemFailures } = (await handler(sqsEvent(bodies, now()))) as { batchItemFailures: unknown[] };
      if (batchItemFailures.length > 0) throw new Error('the destination takes everything');
    });
    const cpuSeconds = seconds === undefined ? cpu : (counts.told - told) * seconds;
    countFunction(meter, part, { invocations: 1, cpuSeconds, waitSeconds: waves.seconds - waited, megabytes });
  };
  return { deliver, counts };
}

const untried = async () => {
  throw new Error('the destination takes everything');
};
/** What a delivery does not need whose destination takes everything. */
export const unneeded = { putOff: untried, giveUp: untried, sendBack: untried, failing: () => {}, warn: () => {} };

/** The same client, whose calls take time. */
const waiting = (client: DynamoDBDocumentClient, waves: Waves): DynamoDBDocumentClient =>
  Object.assign(Object.create(DynamoDBDocumentClient.prototype), {
    send: async (command: never) => {
      await waves.pass(assumptions.dynamoCall);
      return client.send(command);
    },
  });

function secrets(meter: Meter, waves: Waves): SecretsManagerClient {
  const send = async (_: GetSecretValueCommand) => {
    meter.count(part, 'secretRead', 1);
    meter.count(part, 'kmsRequest', 1);
    await waves.pass(assumptions.logCall);
    return { SecretString: JSON.stringify({ url: 'https://tool.example/' }) };
  };
  return { send } as unknown as SecretsManagerClient;
}

function firehose(meter: Meter, waves: Waves): FirehoseClient {
  const send = async ({ input: { Records = [] } }: PutRecordBatchCommand) => {
    for (const { Data } of Records) meter.count('rows of attempts', 'firehoseGb', firehoseGigabytes(Data?.length ?? 0));
    await waves.pass(assumptions.logCall);
    return { FailedPutCount: 0, RequestResponses: Records.map(() => ({ RecordId: 'taken' })) };
  };
  return { send } as unknown as FirehoseClient;
}

let sent = 0;
/** Messages that come for the first time. */
export const sqsEvent = (bodies: readonly string[], at: number): SQSEvent => ({
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
