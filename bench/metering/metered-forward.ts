import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { eventPerson } from '../../lambdas/adapters/dynamodb/event-person.ts';
import { destinationQueues } from '../../lambdas/adapters/queues/destination-queues.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { createHandler } from '../../lambdas/functions/forward/handler.ts';
import { kinesisEvent } from '../../test/fakes/kinesis.ts';
import { assumptions } from './assumptions.ts';
import type { Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';

/** SQS bills each 64 KB of a request as one. */
const billedBytes = 64 * 1024;

/** A message that reached a queue. */
export interface Parceled {
  readonly destination: string;
  readonly body: string;
}

/**
 * The way from the stream's records through the queues of destinations to deliver, counted. What deliver takes for its
 * calls is not: the tool decides that. `seconds` is the processor time per event; measured when it is not given.
 */
export function meteredForward(meter: Meter, config: CdpConfig, seconds?: number) {
  const { destinations } = config;
  const parcels: Parceled[] = [];
  const calls = { made: 0 };
  const urls = { of: async (destination: string) => destination, forget: () => {} };
  const handler = createHandler({
    destinations,
    put: destinationQueues(queues(meter, parcels, calls), urls),
    putAside: async () => ({ ok: true }),
    count: () => {},
    personOf: eventPerson(config, 'a-secret-of-identifiers'),
    ...askedBarriers(),
    now: Date.now,
    warn: () => {},
  });

  return async (records: readonly string[]): Promise<readonly Parceled[]> => {
    parcels.length = 0;
    calls.made = 0;
    const event = kinesisEvent(records);
    const cpu = await cpuSecondsOf(async () => void (await handler(event)));
    const events = records.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    countFunction(meter, 'forward', {
      invocations: 1,
      cpuSeconds: seconds === undefined ? cpu : events * seconds,
      waitSeconds: Math.ceil(calls.made / assumptions.queuesAtOnce) * assumptions.sqsCall,
      megabytes: 1024,
    });
    for (const { body } of parcels) countReceipt(meter, body);
    return parcels;
  };
}

/** As if Lambda received and deleted each message alone; often it takes several in one request. */
function countReceipt(meter: Meter, body: string): void {
  meter.count('queues, received', 'sqsRequest', Math.ceil(Buffer.byteLength(body) / billedBytes));
  meter.count('queues, deleted', 'sqsRequest', 1);
  meter.count('deliver, started', 'lambdaRequest', 1);
}

/** Takes everything and counts it. */
function queues(meter: Meter, parcels: Parceled[], calls: { made: number }): SQSClient {
  return {
    send: async ({ input: { QueueUrl = '', Entries = [] } }: SendMessageBatchCommand) => {
      const bytes = Entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
      meter.count('queues, sent', 'sqsRequest', Math.ceil(bytes / billedBytes));
      calls.made += 1;
      for (const { MessageBody = '' } of Entries) parcels.push({ destination: QueueUrl, body: MessageBody });
      return { Successful: Entries.map(({ Id }) => ({ Id })) };
    },
  } as unknown as SQSClient;
}
