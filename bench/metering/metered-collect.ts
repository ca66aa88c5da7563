import { Metrics } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { collectMetrics } from '../../lambdas/adapters/metrics/collect-metrics.ts';
import { eventStream } from '../../lambdas/adapters/streams/event-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { createHandler } from '../../lambdas/functions/collect/handler.ts';
import { basic, httpRequest } from '../../test/fakes/http-request.ts';
import { noWebhooks } from '../../test/fakes/no-webhooks.ts';
import { assumptions } from './assumptions.ts';
import { countedStream, countLanding } from './event-stream.ts';
import { gigabyte, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';
import type { Window } from './trace.ts';

const part = 'collect';
const kilobyte = 1024;

/**
 * The way from a client's request to the stream's records, counted. `seconds` is the processor time per event; measured
 * when it is not given.
 */
export function meteredCollect(meter: Meter, config: CdpConfig, writeKey: string, seconds?: number) {
  const requested = meteredRequests(meter, config, noWebhooks, seconds);
  return async (requests: Window): Promise<readonly string[]> => {
    const events = requests.flat();
    const now = Math.max(...events.map(({ timestamp }) => Date.parse(String(timestamp)))) + 1000;
    const bodies = requests.map((batch) => JSON.stringify({ batch, sentAt: new Date(now).toISOString() }));
    const http = bodies.map((body) => httpRequest({ path: '/v1/batch', headers: basic(writeKey), body }));
    return requested(http, { events: events.length, now });
  };
}

type CollectDeps = Parameters<typeof createHandler>[0];

/** The way of requests of any kind, counted. */
export function meteredRequests(
  meter: Meter,
  config: CdpConfig,
  webhooks: CollectDeps['webhooks'],
  seconds: number | undefined,
) {
  const records: string[] = [];
  const clock = { now: 0 };
  const handler = createHandler({
    config,
    now: () => clock.now,
    newId: () => 'an id',
    count: collectMetrics(countedMetrics(meter)),
    countDamaged: () => {},
    ...askedBarriers(),
    webhooks,
    warn: (message) => {
      throw new Error(message);
    },
    send: eventStream(countedStream(meter, records), 'events'),
    quarantine: async (lines) => ({
      ok: lines.length === 0,
      reason: 'failed',
      error: 'nothing here belongs in quarantine',
    }),
  });
  return async (
    http: readonly APIGatewayProxyEventV2[],
    { events, now }: { readonly events: number; readonly now: number },
  ): Promise<readonly string[]> => {
    records.length = 0;
    clock.now = now;
    const bodies = http.map(({ body = '' }) => body);
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
