import type { KinesisStreamEvent } from 'aws-lambda';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { configOf } from '../../fixtures/events.ts';

/** Three destinations that want events, and one that does not. */
export const { destinations } = configOf({
  destinations: [
    { id: 'orders', kind: 'webhook', events: { where: 'event = "Order Completed"' } },
    { id: 'all', kind: 'webhook', events: {} },
    { id: 'ads', kind: 'webhook', consent: ['advertising'], events: { types: ['track'] } },
    { id: 'quiet', kind: 'webhook', segments: ['vips'] },
  ],
  segments: [{ key: 'vips', name: 'VIPs', where: trait('vip').exists() }],
});

/** A batch of records with some lines each, numbered from 1 on. */
export const recordsOf = (...records: readonly (readonly string[])[]): KinesisStreamEvent =>
  ({
    Records: records.map((lines, n) => ({
      eventID: `shardId-000000000000:${n + 1}`,
      kinesis: {
        sequenceNumber: String(n + 1),
        approximateArrivalTimestamp: 0,
        data: Buffer.from(lines.join('\n')).toString('base64'),
      },
    })),
  }) as unknown as KinesisStreamEvent;
