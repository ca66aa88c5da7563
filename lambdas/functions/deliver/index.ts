import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bundledDefinition } from '../../adapters/destinations/catalogue/bundled.ts';
import { catalogueTool } from '../../adapters/destinations/catalogue/tool.ts';
import { parseToolSecret } from '../../adapters/destinations/catalogue/tool-secret.ts';
import { nativeMakers } from '../../adapters/destinations/native/makers.ts';
import { destinationOfKind } from '../../adapters/destinations/of-kind.ts';
import { bundledOwn } from '../../adapters/destinations/own/bundled.ts';
import { ownDestination } from '../../adapters/destinations/own/own-destination.ts';
import { webhook } from '../../adapters/destinations/webhook.ts';
import { audienceLists } from '../../adapters/dynamodb/audience-lists.ts';
import { deliveryGate } from '../../adapters/dynamodb/delivery-gate.ts';
import { deliveryMemory } from '../../adapters/dynamodb/delivery-memory.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { profileReader } from '../../adapters/dynamodb/profile-table.ts';
import { noting } from '../../adapters/egress/exchanges.ts';
import { trust } from '../../adapters/egress/trusted.ts';
import { tellFailing } from '../../adapters/metrics/deliver-metrics.ts';
import { deliveryQueue } from '../../adapters/queues/delivery-queue.ts';
import { provide, required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { destinationSettings } from '../../adapters/secrets/destination-settings.ts';
import { freshSecret } from '../../adapters/secrets/fresh-secret.ts';
import { refreshedTokens } from '../../adapters/secrets/refreshed-tokens.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

const config = functionConfig();
trust(config.egress.ca);
const destinationId = required(env.destinationId);
/** The functions of all destinations share one log. */
const logger = new Logger({ serviceName: 'deliver', persistentKeys: { destination: destinationId } });

const secrets = new SecretsManagerClient({});
const secretId = required(env.destinationSettingsSecret);
const tableName = required(env.profileTable);
const table = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));

const toolSecret = freshSecret({ client: secrets, secretId, parse: parseToolSecret, now: Date.now });
const keepTokens = refreshedTokens(secrets, secretId);
const webhookSettings = destinationSettings(secrets, secretId, Date.now);

const told = config.destinations.find(({ id }) => id === destinationId);
const place = { client: table, tableName, destination: destinationId, pause: jittered, now: Date.now };

export const handler = createHandler({
  config,
  segments: new Set(told?.segments),
  consent: told?.consent ?? [],
  perSecond: told?.deliveriesPerSecond,
  hours: told?.retryHours,
  find: profileReader(table, tableName, jittered).find,
  memory: deliveryMemory(place),
  gate: deliveryGate(place),
  destination: destinationOfKind(destinationId, config.destinations, {
    webhook: () => webhook(webhookSettings, config.egress),
    catalogue: (destination) =>
      catalogueTool({
        destination,
        load: bundledDefinition,
        provide,
        secret: toolSecret,
        keepTokens: async (...tokens) => {
          await keepTokens(...tokens);
          await toolSecret(-1);
        },
        lists: audienceLists({ client: table, tableName, destinationId, pause: jittered, now: Date.now }),
        proxy: config.egress.proxy,
        now: Date.now,
      }),
    own: () => ownDestination(bundledOwn, toolSecret, config.egress),
    ...nativeMakers({ settings: webhookSettings, secret: toolSecret, egress: config.egress, now: Date.now }),
  }),
  trials: { noting, secret: () => readSecret(secrets, secretId) },
  ...deliveryQueue(new SQSClient({}), { queue: required(env.deliveryQueue), deadLetters: required(env.deadLetters) }),
  failing: tellFailing(tableName),
  now: Date.now,
  chance: Math.random,
  warn: (message, details) => logger.warn(message, details),
});
