import { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { askedByKeys } from '../../adapters/barriers/asked-by-keys.ts';
import { eventPerson } from '../../adapters/dynamodb/event-person.ts';
import { putAside } from '../../adapters/lake/put-aside.ts';
import { forwardMetrics } from '../../adapters/metrics/forward-metrics.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { destinationQueues } from '../../adapters/queues/destination-queues.ts';
import { ofDestinations } from '../../adapters/queues/of-destinations.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

/** A hung call is given up before the function's time ends. */
const prompt = {
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true }),
};
const logger = new Logger({ serviceName: 'forward' });
const urls = ofDestinations(new SSMClient(prompt), () => required(env.queueParameters).split(' '));
const config = functionConfig();
const personOf = eventPerson(
  config,
  await readSecret(new SecretsManagerClient(prompt), required(env.identifierKeySecret)),
);
const warn = (message: string, details: Record<string, string | number>): void => logger.warn(message, details);

export const handler = createHandler({
  destinations: config.destinations,
  purposes: config.purposes,
  put: destinationQueues(new SQSClient(prompt), urls),
  putAside: putAside(new S3Client(prompt), required(env.failedBatchBucket), Date.now),
  personOf,
  ...askedByKeys('forward', warn),
  count: forwardMetrics(functionMetrics('forward')),
  now: Date.now,
  warn,
});
