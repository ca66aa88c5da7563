import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { dueProfiles } from '../../adapters/dynamodb/due-index.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { tendMetrics } from '../../adapters/metrics/tend-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

/** A hung call is given up before the function's time ends. */
const prompt = {
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true }),
};
const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient(prompt)));
const name = required(env.profileTable);
const due = dueProfiles(client, name, jittered);
/** The function has no key of identifiers: a profile that changes by itself gets none. */
const noIdentifiers = (): never => {
  throw new Error('a wake links no identifier');
};
const logger = new Logger({ serviceName: 'tend' });

export const handler = createHandler({
  config: functionConfig(),
  registry: freshRegistry(registryTable(client, name, jittered).read, Date.now),
  ...due,
  write: profileTable(client, name, noIdentifiers, jittered).write,
  pause: jittered,
  sleep,
  now: Date.now,
  tell: tendMetrics(functionMetrics('tend')),
  warn: (message, details) => logger.warn(message, details),
});
