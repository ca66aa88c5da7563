import type { KinesisStreamEvent } from 'aws-lambda';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { kinesisEvent } from '../../fakes/kinesis.ts';
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
  kinesisEvent(records.map((lines) => lines.join('\n')));
