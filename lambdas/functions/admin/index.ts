import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { identifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { accessTokens } from '../../adapters/secrets/access-tokens.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { eventStreamOfMany } from '../../adapters/streams/event-stream.ts';
import { kinesisClient } from '../../adapters/streams/kinesis-client.ts';
import { env } from '../../core/contract/environment.ts';
import { identityOperator } from '../../operations/identity.ts';
import { deployedOfficer } from '../../operations/privacy/deployed-officer.ts';
import { createHandler } from './handler.ts';

const secrets = new SecretsManagerClient({});
const documents = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));
const identifierKeySecret = await readSecret(secrets, required(env.identifierKeySecret));
const profileTable = required(env.profileTable);
const people = identityTable(documents, profileTable, identifierKey(identifierKeySecret), jittered);
// An unmerge must know of histories that are being brought since a second ago, so nothing is kept.
const registry = freshRegistry(registryTable(documents, profileTable, jittered).read, Date.now, 0);
const logger = new Logger({ serviceName: 'admin' });
const config = functionConfig();

export const handler = createHandler({
  isAccessToken: accessTokens(secrets, required(env.adminTokensSecret), Date.now),
  ...identityOperator(people, config, registry),
  officer: deployedOfficer(config, {
    documents,
    s3: new S3Client({}),
    profileTable,
    lakeBucket: required(env.lakeBucket),
    identifierKeySecret,
    retention: required(env.retention),
    send: eventStreamOfMany(kinesisClient({}), required(env.eventStream)),
  }),
  openDsrDomain: config.privacy.openDsrDomain,
  now: () => new Date().toISOString(),
  newId: randomUUID,
  warn: (message, details) => logger.warn(message, details),
});
