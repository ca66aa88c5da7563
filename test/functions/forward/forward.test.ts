import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedBarriers } from '../../../lambdas/adapters/barriers/none.ts';
import type { Forwarded } from '../../../lambdas/adapters/metrics/forward-metrics.ts';
import { readParcel } from '../../../lambdas/core/destinations/forwarding/parcel.ts';
import { routesOf } from '../../../lambdas/core/destinations/forwarding/route.ts';
import { createHandler } from '../../../lambdas/functions/forward/handler.ts';
import { eventOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { destinations, recordsOf } from './destinations.ts';

/** Queues in memory; `refuses` says which takes nothing. */
function forwarder(refuses: (destination: string) => boolean = () => false) {
  const queues = new Map<string, string[]>();
  const counted: Forwarded[] = [];
  const warnings: string[] = [];
  const handler = createHandler({
    destinations,
    put: async (destination, parcels) => {
      if (refuses(destination)) return { ok: false, reason: 'failed', error: 'QueueDoesNotExist' };
      queues.set(destination, [...(queues.get(destination) ?? []), ...parcels]);
      return { ok: true };
    },
    putAside: async () => ({ ok: false, reason: 'failed', error: 'NoBucket' }),
    count: (counts) => counted.push(counts),
    personOf: () => undefined,
    ...askedBarriers(),
    now: () => 0,
    warn: (message, details) => warnings.push(`${message} ${JSON.stringify(details)}`),
  });
  const arrived = (destination: string): string[] =>
    (queues.get(destination) ?? []).flatMap((body) =>
      (readParcel(body)?.events ?? []).map((event) => (event as { messageId: string }).messageId),
    );
  return { handler, queues, arrived, counted, warnings };
}

const granted = { context: { consent: { categoryPreferences: { advertising: true } } } };
const line = (fields: object): string => JSON.stringify(eventOf({ userId: 'ann', ...fields }));

describe('forward', () => {
  it('puts an event on the queue of each destination that wants it', async () => {
    const { handler, arrived, counted } = forwarder();
    const lines = [
      line({ messageId: 'view', ...granted }),
      line({ messageId: 'order', event: 'Order Completed' }),
      line({ messageId: 'who', type: 'identify', ...granted }),
      line({ messageId: 'own', sourceId: '@platform' }),
      line({ messageId: 'again', replayed: 'raw' }),
    ];
    expect(await handler(recordsOf(lines.slice(0, 2), lines.slice(2)))).toEqual({ batchItemFailures: [] });
    expect(arrived('all')).toEqual(['view', 'order', 'who']);
    expect(arrived('orders')).toEqual(['order']);
    expect(arrived('ads')).toEqual(['view']);
    expect(arrived('quiet')).toEqual([]);
    expect(counted).toEqual([{ forwarded: 5, putAside: 0, unreadable: 0 }]);
  });

  it('forwards the line itself, digit by digit', async () => {
    const { handler, queues } = forwarder();
    const order = line({ event: 'Order Completed' }).replace('}', ',"properties":{"total":1.50}}');
    await handler(recordsOf([order]));
    expect(queues.get('orders')).toEqual([`{"forwarded":{"events":[${order}]}}`]);
  });

  it('counts what it cannot read, and forwards the rest', async () => {
    const { handler, arrived, counted } = forwarder();
    await handler(recordsOf(['{"type":"track"}', 'no JSON', line({ messageId: 'good' }), '\u0000', '[1,2']));
    expect(arrived('all')).toEqual(['good']);
    expect(counted).toEqual([{ forwarded: 1, putAside: 0, unreadable: 4 }]);
  });

  it('has the batch delivered again when a queue takes nothing, and repeats nothing that other queues took', async () => {
    let broken = true;
    const { handler, arrived, warnings } = forwarder((destination) => broken && destination === 'orders');
    const batch = recordsOf([line({ messageId: '1', event: 'Order Completed' })], [line({ messageId: '2' })]);
    await expect(handler(batch)).rejects.toThrow('QueueDoesNotExist');
    expect(warnings).toEqual([
      'a queue did not take events; the stream brings them back {"destination":"orders","error":"QueueDoesNotExist","queues":1}',
    ]);
    expect(arrived('all')).toEqual(['1', '2']);
    broken = false;
    await handler({ Records: batch.Records.slice(0, 1) });
    await handler({ Records: batch.Records.slice(1) });
    expect([arrived('orders'), arrived('all')]).toEqual([['1'], ['1', '2']]);
  });

  it('loses nothing and sends nobody what he does not want, whatever queues fail', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ paid: fc.boolean(), consent: fc.boolean() }), { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.boolean()),
        async (drawn, failures) => {
          let tries = 0;
          const { handler, arrived } = forwarder(() => tries < 20 && (failures.next().value as boolean));
          const events = drawn.map(({ paid, consent }, n) =>
            eventOf({
              userId: 'ann',
              messageId: `m${n}`,
              event: paid ? 'Order Completed' : 'Viewed',
              ...(consent ? granted : {}),
            }),
          );
          const batch = recordsOf(...events.map((event) => [JSON.stringify(event)]));
          const deliver = async (): Promise<void> => {
            tries += 1;
            await handler(batch).catch(deliver);
          };
          await deliver();
          for (const { destination, wants } of routesOf(destinations))
            expect(arrived(destination)).toEqual(events.filter(wants).map(({ messageId }) => messageId));
        },
      ),
      { numRuns: numRuns(200) },
    ));
});
