import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { deliveryQueue } from '../../../lambdas/adapters/queues/delivery-queue.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = mockClient(SQSClient);
const queue = deliveryQueue(new SQSClient({ region: 'us-east-1' }), {
  queue: 'https://sqs/crm',
  deadLetters: 'https://sqs/letters',
});

it('hides a message of the queue, and writes a letter to the others', async () => {
  await queue.putOff('receipt', 900);
  await queue.giveUp('{"detail":{}}', { reason: 'NotTaken 503', tries: '41' });
  expect(client.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input)).toEqual([
    { QueueUrl: 'https://sqs/crm', ReceiptHandle: 'receipt', VisibilityTimeout: 900 },
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
