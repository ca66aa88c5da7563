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
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { requestMetrics } from '../../adapters/metrics/request-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { receiptSigner } from '../../adapters/secrets/receipt-signer.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { keptIn } from '../../core/contract/retention.ts';
import { listedBarriers } from '../../operations/privacy/listed-barriers.ts';
import { privacyOfficer } from '../../operations/privacy/officer.ts';
import { createHandler } from './handler.ts';

const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));
const secret = await readSecret(new SecretsManagerClient({}), required(env.identifierKeySecret));
const key = identifierKey(secret);
const tableName = required(env.profileTable);
const config = functionConfig();
const barriers = barrierItems(client, tableName, jittered);
const logger = new Logger({ serviceName: 'requests' });
const now = (): string => new Date().toISOString();

export const handler = createHandler({
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
    people: identityTable(client, tableName, key, jittered),
    owners: keyedOwners(client, tableName, jittered),
    keyOf: key,
    retention: keptIn(required(env.retention)),
    signer: receiptSigner(secret),
    config,
    // Histories may be brought since a second ago, so nothing is kept.
    registry: freshRegistry(registryTable(client, tableName, jittered).read, Date.now, 0),
    write: profileTable(client, tableName, key, jittered).write,
    pause: jittered,
    now,
  }),
  now,
  tell: requestMetrics(functionMetrics('requests')),
  warn: (message, details) => logger.warn(message, details),
});
