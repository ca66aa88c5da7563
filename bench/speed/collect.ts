import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import type { BarrierDeps } from '../../lambdas/core/privacy/event-barriers.ts';
import { createHandler } from '../../lambdas/functions/collect/handler.ts';
import { type Random, seededRandom } from '../../local/demo/shop/random.ts';
import { basic, httpRequest } from '../../test/fakes/http-request.ts';
import { noWebhooks } from '../../test/fakes/no-webhooks.ts';
import { type SampleCall, sampleCall } from '../events/sample-events.ts';
import type { Bench } from '../report/bench.ts';
import { reference } from './reference.ts';
import { type Contestant, race } from './stopwatch.ts';
import { timingTable } from './timing-table.ts';

const writeKey = 'a-write-key-of-the-bench';
export const config = parseConfig({ sources: [{ id: 'web', kind: 'browser', writeKey }] });
const eventBytes = 800;
const eventsPerRound = 10_000;
const at = Date.UTC(2026, 10, 23, 12);

/** How fast the function behind the public API takes events in. */
export const collect: Bench = {
  name: 'collect',
  about: 'events a second and core that collect takes in, by events per request',
  run: async ({ seed, rounds, progress }) => {
    const calls = sampleCalls(seededRandom(seed), eventsPerRound);
    const contestants = [
      reference(calls.map((call) => JSON.stringify(call))),
      ...[1, 20, 100].map((perRequest) => requestsOf(calls, perRequest)),
      requestsOf(calls, 20, (text) => Buffer.from(text)),
    ];
    const timings = await race(contestants, rounds, progress);
    return {
      tables: [timingTable('collect: events of 800 bytes', timings)],
      data: { eventBytes, eventsPerRound, timings },
    };
  },
};

export function sampleCalls(random: Random, count: number): SampleCall[] {
  return Array.from({ length: count }, (_, n) =>
    sampleCall(random, {
      anonymousId: `7f1c2b6e-${1_000_000 + (n % 500)}`,
      userId: `user-${n % 500}`,
      at: at - n,
      bytes: eventBytes,
    }),
  );
}

/** The whole handler over requests as API Gateway hands them over; what it puts on the stream is thrown away. */
export function requestsOf(
  calls: readonly SampleCall[],
  perRequest: number,
  encoded?: (text: string) => Buffer,
  barred: BarrierDeps = askedBarriers(),
): Contestant {
  const requests = chunks(calls, perRequest).map((batch): APIGatewayProxyEventV2 => {
    const body = JSON.stringify({ batch, sentAt: new Date(at).toISOString() });
    const headers = { ...basic(writeKey), 'content-type': encoded ? 'application/octet-stream' : 'application/json' };
    return httpRequest({ path: '/v1/batch', headers, body: encoded?.(body) ?? body });
  });
  const name = `${perRequest} ${perRequest === 1 ? 'event' : 'events'} a request${encoded ? ', body in base64' : ''}`;
  return { name, events: calls.length, run: () => takeIn(requests, calls.length, barred) };
}

async function takeIn(requests: readonly APIGatewayProxyEventV2[], events: number, barred: BarrierDeps): Promise<void> {
  let accepted = 0;
  const handler = createHandler({
    config,
    now: () => at,
    newId: () => 'an-id',
    count: (_, counts) => {
      accepted += counts.accepted;
    },
    countDamaged: () => {},
    ...barred,
    webhooks: noWebhooks,
    warn: () => {},
    send: async () => ({ ok: true }),
    quarantine: async () => ({ ok: true }),
  });
  for (const request of requests) await handler(request);
  if (accepted !== events) throw new Error(`collect accepted ${accepted} of ${events} events`);
}

const chunks = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));
