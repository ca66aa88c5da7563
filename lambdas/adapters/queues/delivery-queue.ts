import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** URLs of a destination's queues. */
interface DeliveryQueues {
  readonly queue: string;
  readonly deadLetters: string;
}

/** What becomes of messages that were not delivered. */
export const deliveryQueue = (client: SQSClient, { queue, deadLetters }: DeliveryQueues) => ({
  /** Hides a message for so many seconds. Whatever function reports it as failed, Lambda leaves that as it is. */
  putOff: async (ReceiptHandle: string, VisibilityTimeout: number): Promise<void> => {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout }));
  },
  /** Keeps a message for the 14 days of a new one; moved by SQS it would keep the age that it has. */
  giveUp: async (MessageBody: string, why: Readonly<Record<string, string>>): Promise<void> => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(why).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    await client.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody, MessageAttributes }));
  },
});
