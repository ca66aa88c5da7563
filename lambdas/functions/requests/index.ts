import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { requestMetrics } from '../../adapters/metrics/request-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { eventStreamOfMany } from '../../adapters/streams/event-stream.ts';
import { kinesisClient } from '../../adapters/streams/kinesis-client.ts';
import { env } from '../../core/contract/environment.ts';
import { deployedCallbacks } from '../../operations/privacy/deployed-callbacks.ts';
import { deployedOfficer } from '../../operations/privacy/deployed-officer.ts';
import { createHandler } from './handler.ts';

const logger = new Logger({ serviceName: 'requests' });

const config = functionConfig();
const place = {
  documents: packingItems(DynamoDBDocumentClient.from(new DynamoDBClient({}))),
  s3: new S3Client({}),
  profileTable: required(env.profileTable),
  lakeBucket: required(env.lakeBucket),
  identifierKeySecret: await readSecret(new SecretsManagerClient({}), required(env.identifierKeySecret)),
  retention: required(env.retention),
  send: eventStreamOfMany(kinesisClient({}), required(env.eventStream)),
};

export const handler = createHandler({
  officer: deployedOfficer(config, place),
  callBack: deployedCallbacks(config, place),
  now: () => new Date().toISOString(),
  tell: requestMetrics(functionMetrics('requests')),
  warn: (message, details) => logger.warn(message, details),
});
