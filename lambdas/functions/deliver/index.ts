import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { askedByKeys } from '#asked-barriers';
import { kind } from '#destination-kind';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { deliveryGate } from '../../adapters/dynamodb/delivery-gate.ts';
import { deliveryMemory } from '../../adapters/dynamodb/delivery-memory.ts';
import { keyedOwners } from '../../adapters/dynamodb/keyed-owners.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { personMark } from '../../adapters/dynamodb/person-mark.ts';
import { profileReader } from '../../adapters/dynamodb/profile-table.ts';
import { traitMemory } from '../../adapters/dynamodb/trait-memory.ts';
import { triesMemory } from '../../adapters/dynamodb/tries-memory.ts';
import { noting } from '../../adapters/egress/exchanges.ts';
import { measuring } from '../../adapters/egress/traffic.ts';
import { trust } from '../../adapters/egress/trusted.ts';
import { tallyAttempts, tellFailing, tellFailureRate } from '../../adapters/metrics/deliver-metrics.ts';
import { deliveryQueue } from '../../adapters/queues/delivery-queue.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { deliveryStream } from '../../adapters/streams/delivery-stream.ts';
import { promptPolicy } from '../../adapters/streams/retry-failed-entries.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

const config = functionConfig();
trust(config.egress.ca);
const destinationId = required(env.destinationId);
/** The functions of all destinations share one log. */
const logger = new Logger({ serviceName: 'deliver', persistentKeys: { destination: destinationId } });

const warn = (message: string, details: Readonly<Record<string, string>>): void => logger.warn(message, { ...details });
const tableName = required(env.profileTable);
const table = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));

/** The log must not use up the time that deliveries have. */
const prompt = {
  maxAttempts: 2,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true }),
};
const told = config.destinations.find(({ id }) => id === destinationId);
const place = { client: table, tableName, destination: destinationId, pause: jittered, now: Date.now };
const { destination, secret } = kind(told, { egress: config.egress, place, now: Date.now });

/** A trait is told as soon as its history is there, so that no registry of the minute before may count. */
const registry = freshRegistry(registryTable(table, tableName, jittered).read, Date.now, 0);
const traits = {
  keys: new Set(told?.traits),
  memory: traitMemory(place),
  newTry: randomUUID,
  definitions: async () => ({ ...config, registry: await registry() }),
};

export const handler = createHandler({
  config,
  segments: new Set(told?.segments),
  traits,
  consent: told?.consent ?? [],
  uses: told?.uses,
  personal: told?.personal,
  identifiers: told?.identifiers,
  perSecond: told?.deliveriesPerSecond,
  hours: told?.retryHours,
  find: profileReader(table, tableName, jittered).find,
  ...askedByKeys('deliver', warn),
  owners: keyedOwners(table, tableName, jittered),
  memory: deliveryMemory({ ...place, hours: told?.retryHours }),
  gate: deliveryGate(place, { isPaced: told?.deliveriesPerSecond !== undefined }),
  tries: triesMemory(place),
  destination,
  trials: { noting, secret },
  ...deliveryQueue(new SQSClient({}), { queue: required(env.deliveryQueue), deadLetters: required(env.deadLetters) }),
  failing: tellFailing(tableName),
  attempts: {
    destination: destinationId,
    log: deliveryStream(new FirehoseClient(prompt), required(env.attemptStream), promptPolicy),
    marking: personMark(place),
    measure: measuring,
    tally: tallyAttempts(tableName, destinationId),
    failureRate: tellFailureRate(tableName),
  },
  now: Date.now,
  chance: Math.random,
  warn,
});
