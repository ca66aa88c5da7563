import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { answerStack } from '../../adapters/cloudformation/stack-answer.ts';
import { registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

const logger = new Logger({ serviceName: 'registry' });
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = createHandler({
  ...registryTable(client, required(env.registryTable), jittered),
  pause: jittered,
  now: Date.now,
  answer: answerStack,
  info: (message, details) => logger.info(message, { ...details }),
});
