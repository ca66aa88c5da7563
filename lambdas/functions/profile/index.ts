import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { identifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { profileReader, profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { accessTokens } from '../../adapters/secrets/access-tokens.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

const secrets = new SecretsManagerClient({});
const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));
const tableName = required(env.profileTable);
const table = profileTable(
  client,
  tableName,
  identifierKey(await readSecret(secrets, required(env.identifierKeySecret))),
  jittered,
);
const logger = new Logger({ serviceName: 'profile' });

export const handler = createHandler({
  config: functionConfig(),
  registry: freshRegistry(registryTable(client, tableName, jittered).read, Date.now),
  now: Date.now,
  isAccessToken: accessTokens(secrets, required(env.accessTokensSecret), Date.now),
  findOwner: async (name) => (await table.load([name])).get(name)?.profile,
  find: profileReader(client, tableName, jittered).find,
  warn: (message, details) => logger.warn(message, details),
});
