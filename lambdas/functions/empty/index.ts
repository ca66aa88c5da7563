import { Logger } from '@aws-lambda-powertools/logger';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { answerStack } from '../../adapters/cloudformation/stack-answer.ts';
import { isGoing } from '../../adapters/cloudformation/stack-state.ts';
import { emptyBucket } from '../../adapters/lake/bucket-contents.ts';
import { createHandler } from './handler.ts';

const logger = new Logger({ serviceName: 'empty' });
const s3 = new S3Client({});
const cloudformation = new CloudFormationClient({});

export const handler = createHandler({
  isGoing: (stackId) => isGoing(cloudformation, stackId),
  empty: (bucket, until) => emptyBucket(s3, bucket, () => Date.now() < until),
  answer: answerStack,
  info: (message, details) => logger.info(message, { ...details }),
  now: Date.now,
});
