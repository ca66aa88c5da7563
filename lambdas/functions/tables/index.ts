import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { answerStack } from '../../adapters/cloudformation/stack-answer.ts';
import { makeTables } from '../../adapters/lake/tables.ts';
import { countEnd } from '../../adapters/metrics/lake-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

const logger = new Logger({ serviceName: 'tables' });
const place = {
  glue: new GlueClient({}),
  s3: new S3Client({}),
  bucket: required(env.lakeBucket),
  database: required(env.lakeDatabase),
  now: Date.now,
  newId: randomUUID,
};

export const handler = createHandler({
  make: (declared) => makeTables(declared, place),
  countEnd: (job) => countEnd(place.database, job),
  answer: answerStack,
  info: (message, details) => logger.info(message, { ...details }),
});
