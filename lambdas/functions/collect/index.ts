import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { askedBarriers } from '../../adapters/barriers/asked.ts';
import { readSignals } from '../../adapters/consent/read-signals.ts';
import { lakeObjects } from '../../adapters/lake/objects.ts';
import { collectMetrics, countDamaged } from '../../adapters/metrics/collect-metrics.ts';
import { functionMetrics } from '../../adapters/metrics/function-metrics.ts';
import { countEntries, countRefusedSignatures } from '../../adapters/metrics/source-metrics.ts';
import { required } from '../../adapters/runtime/environment.ts';
import { functionConfig } from '../../adapters/runtime/function-config.ts';
import { sourceSecrets } from '../../adapters/secrets/source-secrets.ts';
import { callsOf } from '../../adapters/sources/map-entry.ts';
import { verifySignature } from '../../adapters/sources/verify.ts';
import { deliveryStream } from '../../adapters/streams/delivery-stream.ts';
import { eventStream } from '../../adapters/streams/event-stream.ts';
import { promptPolicy } from '../../adapters/streams/retry-failed-entries.ts';
import { env } from '../../core/contract/environment.ts';
import { lakePrefix } from '../../core/contract/storage.ts';
import { createHandler } from './handler.ts';

/** HTTP/1.1. The client gives up a hung connection while the caller still waits. */
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
});
const logger = new Logger({ serviceName: 'collect' });
/**
 * For quarantine. Good events never wait for it. The lake takes what Firehose refuses. Both clients give up while the
 * caller still waits.
 */
const hurried = {
  maxAttempts: 2,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true }),
};
const place = { bucket: required(env.lakeBucket), prefix: lakePrefix.quarantine, now: Date.now, newId: randomUUID };
const inTheLake = lakeObjects(new S3Client(hurried), place);

const config = functionConfig();
const warn = (message: string, details: Readonly<Record<string, unknown>>): void =>
  logger.warn(message, { ...details });

export const handler = createHandler({
  config,
  signalsOf: await readSignals(config.purposes),
  send: eventStream(new KinesisClient({ requestHandler }), required(env.eventStream)),
  quarantine: deliveryStream(new FirehoseClient(hurried), required(env.quarantineStream), promptPolicy, inTheLake),
  now: Date.now,
  newId: randomUUID,
  count: collectMetrics(functionMetrics('collect')),
  countDamaged: countDamaged(functionMetrics('collect')),
  webhooks: {
    secretsOf: sourceSecrets(new SecretsManagerClient(hurried), () => required(env.sourceSecrets), Date.now),
    verify: verifySignature,
    callsOf,
    countRefused: countRefusedSignatures(functionMetrics('collect')),
    countEntries: countEntries(functionMetrics('collect')),
  },
  ...askedBarriers('collect', config, warn),
  warn,
});
