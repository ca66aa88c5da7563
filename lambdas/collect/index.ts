import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { collectMetrics, countDamaged } from '../adapters/collect-metrics.ts';
import { deliveryStream } from '../adapters/delivery-stream.ts';
import { required } from '../adapters/environment.ts';
import { eventStream } from '../adapters/event-stream.ts';
import { functionConfig } from '../adapters/function-config.ts';
import { env } from '../core/contract.ts';
import { createHandler } from './handler.ts';

/** HTTP/1.1, and a hung connection is given up while the caller still listens. */
const requestHandler = new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true });
const logger = new Logger({ serviceName: 'collect' });

export const handler = createHandler({
  config: functionConfig(),
  send: eventStream(new KinesisClient({ requestHandler }), required(env.eventStream)),
  quarantine: deliveryStream(new FirehoseClient({ requestHandler }), required(env.quarantineStream)),
  now: Date.now,
  newId: randomUUID,
  count: collectMetrics(),
  countDamaged: countDamaged(),
  warn: (message, details) => logger.warn(message, details),
});
