import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { deliveryQueue } from '../../../lambdas/adapters/queues/delivery-queue.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = mockClient(SQSClient);
const queue = deliveryQueue(new SQSClient({ region: 'us-east-1' }), {
  queue: 'https://sqs/crm',
  deadLetters: 'https://sqs/letters',
});

it('hides a message of the queue, and writes a letter to the others', async () => {
  client.on(ChangeMessageVisibilityBatchCommand).resolves({});
  await queue.putOff('receipt', 900);
  await queue.giveUp('{"detail":{}}', { reason: 'NotTaken 503', tries: '41' });
  expect(client.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input)).toEqual([
    { QueueUrl: 'https://sqs/crm', Entries: [{ Id: '0', ReceiptHandle: 'receipt', VisibilityTimeout: 900 }] },
  ]);
  expect(client.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
    {
      QueueUrl: 'https://sqs/letters',
      MessageBody: '{"detail":{}}',
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: 'NotTaken 503' },
        tries: { DataType: 'String', StringValue: '41' },
      },
    },
  ]);
});

it.each([
  { reason: '', written: 'unknown' },
  { reason: 'Odd\u0000Error\n\ud800', written: 'Odd?Error??' },
  { reason: 'x'.repeat(300_000), written: 'x'.repeat(200) },
])('writes a letter whose reason SQS would refuse, so that it does not return for ever: $written', async (given) => {
  client.reset();
  await queue.giveUp('{"detail":{}}', { reason: given.reason });
  expect(client.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageAttributes).toEqual({
    reason: { DataType: 'String', StringValue: given.written },
  });
});

const hideAll = (count: number) =>
  Promise.allSettled(Array.from({ length: count }, (_, n) => queue.putOff(`receipt-${n}`, n)));
const requests = () =>
  client.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input.Entries);

it.each([
  { count: 1, sizes: [1] },
  { count: 10, sizes: [10] },
  { count: 23, sizes: [10, 10, 3] },
])('hides $count messages of the same moment by as few requests as SQS allows', async ({ count, sizes }) => {
  client.reset();
  client.on(ChangeMessageVisibilityBatchCommand).resolves({});
  expect((await hideAll(count)).every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(requests().map((entries) => entries?.length)).toEqual(sizes);
  const hidden = requests().flatMap((entries) => entries ?? []);
  expect(hidden.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout])).toEqual(
    Array.from({ length: count }, (_, n) => [`receipt-${n}`, n]),
  );
  await queue.putOff('later', 1);
  expect(requests()).toHaveLength(sizes.length + 1);
});

it('says of each message whether it is hidden, also when a whole request fails', async () => {
  client.reset();
  const refused = { Id: '3', Code: 'ReceiptHandleIsInvalid', SenderFault: true };
  client
    .on(ChangeMessageVisibilityBatchCommand)
    .resolvesOnce({ Failed: [refused] })
    .rejects(new RangeError());
  const ended = await hideAll(12);
  const reasons = ended.map((each) => (each.status === 'rejected' ? (each.reason as Error).name : 'hidden'));
  const first = Array(10).fill('hidden').with(3, 'ReceiptHandleIsInvalid');
  expect(reasons).toEqual([...first, 'RangeError', 'RangeError']);
});
