import { gzipSync } from 'node:zlib';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { KinesisClient, PutRecordsCommand, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { collectMetrics } from '../../lambdas/adapters/metrics/collect-metrics.ts';
import { eventStream } from '../../lambdas/adapters/streams/event-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { createHandler } from '../../lambdas/functions/collect/handler.ts';
import { basic, httpRequest } from '../../test/fakes/http-request.ts';
import { noWebhooks } from '../../test/fakes/no-webhooks.ts';
import { assumptions } from './assumptions.ts';
import { firehoseGigabytes, gigabyte, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';
import type { Window } from './trace.ts';

const part = 'collect';
const kilobyte = 1024;

/**
 * The way from a client's request to the stream's records, counted. `seconds` is the processor time per event; measured
 * when it is not given.
 */
export function meteredCollect(meter: Meter, config: CdpConfig, writeKey: string, seconds?: number) {
  const records: string[] = [];
  const clock = { now: 0 };
  const handler = createHandler({
    config,
    now: () => clock.now,
    newId: () => 'an id',
    count: collectMetrics(countedMetrics(meter)),
    countDamaged: () => {},
    webhooks: noWebhooks,
    warn: (message) => {
      throw new Error(message);
    },
    send: eventStream(kinesis(meter, records), 'events'),
    quarantine: async (lines) => ({
      ok: lines.length === 0,
      reason: 'failed',
      error: 'nothing here belongs in quarantine',
    }),
  });
  return async (requests: Window): Promise<readonly string[]> => {
    records.length = 0;
    const events = requests.flat().length;
    clock.now = Math.max(...requests.flat().map(({ timestamp }) => Date.parse(String(timestamp)))) + 1000;
    const bodies = requests.map((batch) => JSON.stringify({ batch, sentAt: new Date(clock.now).toISOString() }));
    const http = bodies.map((body) => httpRequest({ path: '/v1/batch', headers: basic(writeKey), body }));
    const cpu = await cpuSecondsOf(async () => {
      for (const request of http)
        if ((await handler(request)).statusCode !== 200) throw new Error('collect refused a request');
    });
    for (const body of bodies) meter.count(part, 'httpApiRequest', Math.ceil(body.length / (512 * kilobyte)));
    meter.count(part, 'logGb', (bodies.length * assumptions.accessLog) / gigabyte);
    countFunction(meter, part, {
      invocations: bodies.length,
      cpuSeconds: seconds === undefined ? cpu : events * seconds,
      waitSeconds: bodies.length * assumptions.kinesisPut,
      megabytes: 512,
    });
    countLanding(meter, records);
    return [...records];
  };
}

/** Takes every record and counts what the stream bills for it. */
function kinesis(meter: Meter, records: string[]): KinesisClient {
  const take = ({ Data, PartitionKey = '' }: PutRecordsRequestEntry): object => {
    const bytes = (Data?.length ?? 0) + PartitionKey.length;
    const { shardBytesPerSecond, shardUse } = assumptions;
    // A shard takes a megabyte or 1,000 records a second, whichever is reached first.
    const shardSeconds = Math.max(bytes / shardBytesPerSecond, 1 / 1000) / shardUse;
    meter.count('event stream', 'kinesisPutUnit', Math.ceil(bytes / (25 * kilobyte)));
    meter.count('event stream', 'kinesisShardHour', shardSeconds / 3600);
    records.push(Buffer.from(Data ?? []).toString('utf8'));
    return { SequenceNumber: '1' };
  };
  return {
    send: async ({ input }: PutRecordsCommand) => ({ Records: (input.Records ?? []).map(take) }),
  } as unknown as KinesisClient;
}

/** What Firehose and S3 bill for the raw zone, gzip and a month of storage included. */
function countLanding(meter: Meter, records: readonly string[]): void {
  const bytes = records.reduce((sum, { length }) => sum + length, 0);
  for (const { length } of records) meter.count('raw zone', 'firehoseGb', firehoseGigabytes(length));
  meter.count('raw zone', 's3Put', bytes / assumptions.rawObjectBytes);
  meter.count('raw zone', 's3GbMonth', (gzipSync(records.join('')).length / gigabyte) * assumptions.rawMonths);
}

/** The real metrics, their line counted instead of printed. */
function countedMetrics(meter: Meter): Metrics {
  const metrics = new Metrics({ namespace: 'CustomerDataPlatform', serviceName: 'collect' });
  metrics.publishStoredMetrics = () => {
    meter.count(part, 'logGb', JSON.stringify(metrics.serializeMetrics()).length / gigabyte);
    metrics.clearMetrics();
    metrics.clearDimensions();
    return metrics;
  };
  return metrics;
}
