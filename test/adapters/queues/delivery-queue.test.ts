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
