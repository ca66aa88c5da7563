import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { dueProfiles } from '../../adapters/dynamodb/due-index.ts';
import { accountKey } from '../../adapters/dynamodb/identifier-key.ts';
import { memberTable } from '../../adapters/dynamodb/members.ts';
import { packingItems } from '../../adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { restingQueues } from '../../adapters/dynamodb/resting-queues.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { tendMetrics } from '../../adapters/metrics/tend-metrics.ts';
import { ofDestinations } from '../../adapters/queues/of-destinations.ts';
import { pollsOf } from '../../adapters/queues/polls.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

/** A hung call is given up before the function's time ends. */
const prompt = {
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true }),
};
const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient(prompt)));
const name = required(env.profileTable);
const due = dueProfiles(client, name, jittered);
const config = functionConfig();
/** A profile that changes by itself gets no identifier. */
const key = await accountKey(config, () =>
  readSecret(new SecretsManagerClient(prompt), required(env.identifierKeySecret)),
);
const { write, readAccounts } = profileTable(client, name, key, jittered);
const logger = new Logger({ serviceName: 'tend' });

const queues = ofDestinations(new SSMClient(prompt), () => required(env.polledQueues).split(' '));

export const handler = createHandler({
  config,
  registry: freshRegistry(registryTable(client, name, jittered).read, Date.now),
  ...due,
  write,
  readAccounts,
  members: memberTable(client, name, key, jittered),
  rest: {
    ...restingQueues(client, name, jittered),
    destinations: config.destinations.map(({ id }) => id),
    polls: pollsOf(new LambdaClient(prompt), queues, required('AWS_REGION')),
    now: Date.now,
  },
  pause: jittered,
  sleep,
  now: Date.now,
  tell: tendMetrics(functionMetrics('tend')),
  warn: (message, details) => logger.warn(message, details),
});
