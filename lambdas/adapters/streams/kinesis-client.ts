import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A Kinesis client for commands: over HTTP/1.1, with long timeouts. */
export const kinesisClient = (where: object): KinesisClient =>
  new KinesisClient({
    ...where,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    }),
  });
