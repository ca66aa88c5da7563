import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A client for whoever puts records by hand: over HTTP/1.1, patient. */
export const kinesisClient = (where: object): KinesisClient =>
  new KinesisClient({
    ...where,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    }),
  });
