import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { deliveryQueue } from '../../lambdas/adapters/queues/delivery-queue.ts';
import { closedBreaker } from '../../lambdas/core/destinations/breaker.ts';
import { openGate } from '../fakes/deliveries.ts';
import { deliverInMemory } from '../fixtures/in-memory/deliver.ts';
import { mockClient } from '../fixtures/mock-client.ts';

const client = mockClient(SQSClient);
const now = Date.UTC(2026, 4, 1);
const messages = Array.from({ length: 10 }, (_, n) => ({
  messageId: `q${n}`,
  receiptHandle: `receipt-${n}`,
  body: JSON.stringify({ id: `e${n}`, detail: { profileId: `p${n}`, segment: 'vip', change: 'entered' } }),
  attributes: {
    ApproximateReceiveCount: '3',
    SentTimestamp: String(now),
    ApproximateFirstReceiveTimestamp: String(now),
  },
})) as unknown as SQSRecord[];

it.each([
  { why: 'an open breaker', gate: { breaker: { ...closedBreaker, openUntil: now + 60_000, openings: 1 } } },
  { why: 'a rate', gate: { pace: { nextAt: now + 9_000_000 } } },
])('hides all messages of an invocation that wait for $why by one request', async ({ gate }) => {
  client.reset();
  client.on(ChangeMessageVisibilityBatchCommand).resolves({});
  const handler = deliverInMemory({
    gate: { ...openGate, read: async () => ({ ...(await openGate.read()), ...gate }) },
    tries: { recall: () => Promise.reject(new Error('nothing is read')), record: async () => {} },
    perSecond: 1,
    destination: { deliver: () => Promise.reject(new Error('nothing is sent')) },
    ...deliveryQueue(new SQSClient({ region: 'us-east-1' }), {
      queue: 'https://sqs/crm',
      deadLetters: 'https://sqs/no',
    }),
    now: () => now,
  });
  expect((await handler({ Records: messages })).batchItemFailures).toHaveLength(10);
  expect(client.calls().map(({ args }) => args[0].input as object)).toMatchObject([
    { Entries: messages.map(({ receiptHandle }) => ({ ReceiptHandle: receiptHandle })) },
  ]);
});
