import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { askedBarriers } from '../../adapters/barriers/asked.ts';
import { readSignals } from '../../adapters/consent/read-signals.ts';
import { importPace } from '../../adapters/dynamodb/import-ledger.ts';
import { fileStore } from '../../adapters/files/staged-files.ts';
import { badRows } from '../../adapters/lake/bad-rows.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { importMetrics, loadMetrics } from '../../adapters/metrics/import-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { callsOf } from '../../adapters/sources/map-entry.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { eventStreamOfMany } from '../../adapters/streams/event-stream.ts';
import { retryPolicy } from '../../adapters/streams/retry-failed-entries.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

/** HTTP/1.1. A hung call is given up long before the function's time ends. */
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 1_000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
});
const place = {
  client: DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler })),
  tableName: required(env.profileTable),
  pause: jittered,
  now: Date.now,
};

const config = functionConfig();
const logger = new Logger({ serviceName: 'topics' });
const lake = new S3Client({ requestHandler });

export const handler = createHandler({
  config,
  signalsOf: await readSignals(config.purposes),
  sourceId: required(env.sourceId),
  takeRoom: importPace(place, Number(required(env.importBytesPerSecond))),
  sleep,
  send: eventStreamOfMany(new KinesisClient({ requestHandler }), required(env.eventStream), retryPolicy),
  keepRows: badRows(lake, required(env.lakeBucket)),
  put: fileStore(lake, required(env.lakeBucket)).put,
  callsOf,
  count: importMetrics(functionMetrics('topics')),
  ...askedBarriers('topics', config, (message, details) => logger.warn(message, { ...details })),
  countLoad: loadMetrics(required(env.lakeDatabase)),
  now: Date.now,
});
