import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { askedBarriers } from '../../adapters/barriers/asked.ts';
import { readSignals } from '../../adapters/consent/read-signals.ts';
import { erasureKey } from '../../adapters/dynamodb/identifier-key.ts';
import { importLedger, importPace } from '../../adapters/dynamodb/import-ledger.ts';
import { sourceRequests } from '../../adapters/dynamodb/source-requests.ts';
import { splitJob } from '../../adapters/files/split-job.ts';
import { fileStore, stagedFiles } from '../../adapters/files/staged-files.ts';
import { badRows } from '../../adapters/lake/bad-rows.ts';
import { jobStart } from '../../adapters/lake/job-start.ts';
import { stagedPieces } from '../../adapters/lake/staged-piece.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { importMetrics, loadMetrics } from '../../adapters/metrics/import-metrics.ts';
import { hiding } from '../../adapters/queues/hiding.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { readSecret } from '../../adapters/secrets/secret.ts';
import { callsOf } from '../../adapters/sources/map-entry.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { eventStreamOfMany } from '../../adapters/streams/event-stream.ts';
import { retryPolicy } from '../../adapters/streams/retry-failed-entries.ts';
import { env } from '../../core/contract/environment.ts';
import { createHandler } from './handler.ts';

/** Tries for half a minute, which is less than a lease lasts. */
const patient = { ...retryPolicy, attempts: 12, capMilliseconds: 5_000 };

/** A hung call is given up before the lease ends. */
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 1_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
});
const place = {
  client: DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler })),
  tableName: required(env.profileTable),
  pause: jittered,
  now: Date.now,
};
const lake = new S3Client({ requestHandler });
const files = fileStore(lake, required(env.lakeBucket));
const glue = new GlueClient({ requestHandler });

const config = functionConfig();
const logger = new Logger({ serviceName: 'import' });
const key = await erasureKey(config.sources, () =>
  readSecret(new SecretsManagerClient({ requestHandler }), required(env.identifierKeySecret)),
);

export const handler = createHandler({
  config,
  signalsOf: await readSignals(config.purposes),
  ledger: importLedger(place),
  readPiece: stagedPieces(lake, required(env.lakeBucket)),
  files: stagedFiles(files),
  split: splitJob(jobStart(glue, () => required(env.importFilesJob))),
  textAt: files.text,
  startRecords: jobStart(glue, () => required(env.recordsJob)),
  takeRoom: importPace(place, Number(required(env.importBytesPerSecond))),
  sleep,
  send: eventStreamOfMany(new KinesisClient({ requestHandler }), required(env.eventStream), patient),
  keepRows: badRows(lake, required(env.lakeBucket)),
  fileErasures: sourceRequests(place.client, place.tableName, key, config.privacy),
  callsOf,
  count: importMetrics(functionMetrics('import')),
  ...askedBarriers('import', config, (message, details) => logger.warn(message, { ...details })),
  countLoad: loadMetrics(required(env.lakeDatabase)),
  now: Date.now,
  hide: hiding(new SQSClient({ requestHandler }), required(env.importQueue)),
});
