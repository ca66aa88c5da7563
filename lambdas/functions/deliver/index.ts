import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { webhook } from '../../adapters/destinations/webhook.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { profileReader } from '../../adapters/dynamodb/profile-table.ts';
import { trust } from '../../adapters/egress/trusted.ts';
import { tellFailing } from '../../adapters/metrics/deliver-metrics.ts';
import { deliveryQueue } from '../../adapters/queues/delivery-queue.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { destinationSettings } from '../../adapters/secrets/destination-settings.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

const config = functionConfig();
trust(config.egress.ca);
const destinationId = required(env.destinationId);
/** The functions of all destinations share one log. */
const logger = new Logger({ serviceName: 'deliver', persistentKeys: { destination: destinationId } });

export const handler = createHandler({
  config,
  segments: new Set(config.destinations.find(({ id }) => id === destinationId)?.segments),
  find: profileReader(
    packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({}))),
    required(env.profileTable),
    jittered,
  ).find,
  destination: webhook(
    destinationSettings(new SecretsManagerClient({}), required(env.destinationSettingsSecret), Date.now),
    config.egress,
  ),
  ...deliveryQueue(new SQSClient({}), { queue: required(env.deliveryQueue), deadLetters: required(env.deadLetters) }),
  failing: tellFailing(required(env.profileTable)),
  now: Date.now,
  chance: Math.random,
  warn: (message, details) => logger.warn(message, details),
});
