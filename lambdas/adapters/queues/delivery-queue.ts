import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { hiding } from './hiding.ts';

/** URLs of a destination's queues. */
interface DeliveryQueues {
  readonly queue: string;
  readonly deadLetters: string;
}

/** Postpones or gives up messages that were not delivered. */
export const deliveryQueue = (client: SQSClient, { queue, deadLetters }: DeliveryQueues) => ({
  /** Hides a message for some seconds. Lambda does not change this when the function reports the message as failed. */
  putOff: hiding(client, queue),
  /** Sends a new message to the queue, which shows it after some seconds: at most 900. */
  sendBack: async (MessageBody: string, DelaySeconds: number): Promise<void> => {
    await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody, DelaySeconds }));
  },
  /** Sends a new message, which is kept for 14 days; a message that SQS moves keeps its age. */
  giveUp: async (MessageBody: string, why: Readonly<Record<string, string>>): Promise<void> => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(why).map(([name, value]) => [name, { DataType: 'String', StringValue: attributeText(value) }]),
    );
    await client.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody, MessageAttributes }));
  },
});

/** SQS refuses an empty attribute and control characters; names of errors are the destination's own, and may be odd. */
const attributeText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200) || 'unknown';
