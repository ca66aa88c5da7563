import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { barrierFileIn } from '../../adapters/barriers/barrier-file.ts';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { barrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import { erasedProfiles } from '../../adapters/dynamodb/erased-profiles.ts';
import { identifierKey, shortHashIn } from '../../adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { keyedOwners } from '../../adapters/dynamodb/keyed-owners.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../adapters/dynamodb/request-items.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { accessTokens } from '../../adapters/secrets/access-tokens.ts';
import { receiptSigner } from '../../adapters/secrets/receipt-signer.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { keptIn } from '../../core/contract/retention.ts';
import { identityOperator } from '../../operations/identity.ts';
import { listedBarriers } from '../../operations/privacy/listed-barriers.ts';
import { privacyOfficer } from '../../operations/privacy/officer.ts';
import { createHandler } from './handler.ts';

const secrets = new SecretsManagerClient({});
const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));
const secret = await readSecret(secrets, required(env.identifierKeySecret));
const key = identifierKey(secret);
const tableName = required(env.profileTable);
// An unmerge must know of histories that are being brought since a second ago, so nothing is kept.
const registry = freshRegistry(registryTable(client, tableName, jittered).read, Date.now, 0);
const logger = new Logger({ serviceName: 'admin' });

const config = functionConfig();
const barriers = barrierItems(client, tableName, jittered);
const people = identityTable(client, tableName, key, jittered);

export const handler = createHandler({
  isAccessToken: accessTokens(secrets, required(env.adminTokensSecret), Date.now),
  ...identityOperator(people, config, registry),
  officer: privacyOfficer({
    requests: requestItems(client, tableName, jittered),
    barriers,
    listed: listedBarriers({
      file: barrierFileIn(new S3Client({}), required(env.lakeBucket)),
      barriers,
      hashIn: shortHashIn,
      pause: jittered,
    }),
    erased: erasedProfiles(client, tableName, key, jittered),
    people,
    owners: keyedOwners(client, tableName, jittered),
    keyOf: key,
    retention: keptIn(required(env.retention)),
    signer: receiptSigner(secret),
    config,
    registry,
    write: profileTable(client, tableName, key, jittered).write,
    pause: jittered,
    now: () => new Date().toISOString(),
  }),
  now: () => new Date().toISOString(),
  newId: randomUUID,
  warn: (message, details) => logger.warn(message, details),
});
