import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { deliveryStream } from '../adapters/delivery-stream.ts';
import { required } from '../adapters/environment.ts';
import { segmentBus } from '../adapters/segment-bus.ts';
import { env } from '../core/contract.ts';
import { createHandler } from './handler.ts';

const logger = new Logger({ serviceName: 'publish' });

export const handler = createHandler({
  append: deliveryStream(new FirehoseClient({}), required(env.identityLogStream)),
  send: segmentBus(new EventBridgeClient({}), required(env.segmentBus), (message, details) => logger.warn(message, details)),
});
