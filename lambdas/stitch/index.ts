import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deliveryStream } from '../adapters/delivery-stream.ts';
import { required } from '../adapters/environment.ts';
import { functionConfig } from '../adapters/function-config.ts';
import { identifierKey } from '../adapters/identifier-key.ts';
import { packingItems } from '../adapters/packed-items.ts';
import { jittered } from '../adapters/pause.ts';
import { newProfileId } from '../adapters/profile-id.ts';
import { profileTable } from '../adapters/profile-table.ts';
import { readSecret } from '../adapters/secret.ts';
import { stitchMetrics } from '../adapters/stitch-metrics.ts';
import { env } from '../core/contract.ts';
import { createHandler } from './handler.ts';

const secret = await readSecret(new SecretsManagerClient({}), required(env.identifierKeySecret));
const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({})));
const firehose = new FirehoseClient({});
const logger = new Logger({ serviceName: 'stitch' });
const table = profileTable(client, required(env.profileTable), identifierKey(secret), jittered);

export const handler = createHandler({
  config: functionConfig(),
  load: table.load,
  write: table.write,
  quarantine: deliveryStream(firehose, required(env.quarantineStream)),
  append: deliveryStream(firehose, required(env.identityLogStream)),
  newProfileId,
  pause: jittered,
  count: stitchMetrics(),
  warn: (message, details) => logger.warn(message, details),
});
