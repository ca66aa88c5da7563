import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { configuredBus, segmentBus } from '../../adapters/bus/segment-bus.ts';
import { lakeObjects } from '../../adapters/lake/objects.ts';
import { setAside } from '../../adapters/lake/set-aside.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { countSetAside } from '../../adapters/metrics/publish-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { deliveryStream } from '../../adapters/streams/delivery-stream.ts';
import { retryPolicy } from '../../adapters/streams/retry-failed-entries.ts';
import { env } from '../../core/contract/environment.ts';
import { lakePrefix } from '../../core/contract/storage.ts';
import { createHandler } from './handler.ts';

/**
 * A place that hangs is given up before the function's time ends, so that this process remembers what the other took.
 */
const settings = {
  maxAttempts: 2,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true }),
};
const logger = new Logger({ serviceName: 'publish' });
const count = countSetAside(functionMetrics('publish'));
const s3 = new S3Client(settings);
const place = { bucket: required(env.lakeBucket), prefix: lakePrefix.identityLog, now: Date.now, newId: randomUUID };

const bus = configuredBus(required(env.segmentBus), functionConfig());

export const handler = createHandler({
  append: deliveryStream(
    new FirehoseClient(settings),
    required(env.identityLogStream),
    retryPolicy,
    lakeObjects(s3, place),
  ),
  send: segmentBus(new EventBridgeClient(settings), bus, (message, details) => logger.warn(message, details)),
  keep: setAside(s3, required(env.failedBatchBucket), Date.now, (details) => {
    logger.warn('a record cannot be read, and is put aside', details);
    count();
  }),
});
