import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { identifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import { OwnerMemory } from '../../adapters/dynamodb/owner-memory.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { newProfileId } from '../../adapters/dynamodb/profile-id.ts';
import { profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { lakeObjects } from '../../adapters/lake/objects.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { stitchMetrics } from '../../adapters/metrics/stitch-metrics.ts';
import { countSuppressed } from '../../adapters/metrics/suppressed-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { deliveryStream } from '../../adapters/streams/delivery-stream.ts';
import { retryPolicy } from '../../adapters/streams/retry-failed-entries.ts';
import { env } from '../../core/contract/environment.ts';
import { lakePrefix } from '../../core/contract/storage.ts';
import { createHandler } from './handler.ts';

const secret = await readSecret(new SecretsManagerClient({}), required(env.identifierKeySecret));
const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));
/** A hung call is given up before the function's time ends. */
const prompt = {
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true }),
};
const firehose = new FirehoseClient(prompt);
const s3 = new S3Client(prompt);
const place = { bucket: required(env.lakeBucket), now: Date.now, newId: randomUUID };
const intoLake = (prefix: string) => lakeObjects(s3, { ...place, prefix });
const logger = new Logger({ serviceName: 'stitch' });
const table = profileTable(client, required(env.profileTable), identifierKey(secret), jittered).remembering(
  new OwnerMemory(),
);

export const handler = createHandler({
  config: functionConfig(),
  registry: freshRegistry(registryTable(client, required(env.profileTable), jittered).read, Date.now),
  load: table.load,
  write: table.write,
  release: table.release,
  quarantine: deliveryStream(firehose, required(env.quarantineStream), retryPolicy, intoLake(lakePrefix.quarantine)),
  append: deliveryStream(firehose, required(env.identityLogStream), retryPolicy, intoLake(lakePrefix.identityLog)),
  newProfileId,
  pause: jittered,
  count: stitchMetrics(functionMetrics('stitch')),
  countSuppressed: countSuppressed(functionMetrics('stitch')),
  warn: (message, details) => logger.warn(message, details),
});
