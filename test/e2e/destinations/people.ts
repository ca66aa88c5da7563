import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { destinationDeadLettersOutput, destinationQueueOutput } from '../../../lambdas/core/contract/outputs.ts';
import type { Hook } from '../../fixtures/catalogue/deployed.ts';
import { eventually } from '../observed/eventually.ts';
import { post } from '../observed/requests.ts';
import { asOwner, platform } from '../platform/deployment.ts';

const sqs = new SQSClient(asOwner);
let clock = Date.now() - 3_600_000;

/** Puts somebody into the segment of a webhook and out of all others, and says whether they consent to marketing. */
export async function send(userId: string, to: Hook | 'both' | 'nobody', marketing = true): Promise<void> {
  clock += 1_000;
  const context = { consent: { categoryPreferences: { marketing } } };
  const traits = { to, email: `${userId}@example.com` };
  const { status } = await post('/v1/identify', { userId, traits, context, timestamp: new Date(clock).toISOString() });
  expect(status).toBeLessThan(300);
}

/** Messages of a destination that wait or are under way. */
export async function inQueue(id: Hook): Promise<number> {
  const QueueUrl = platform.stack[destinationQueueOutput(id)];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
}

/** A dead letter: the event of the bus that it holds, why it was given up, and after how many tries. */
export interface Letter {
  readonly body: { readonly detail: Readonly<Record<string, unknown>> };
  readonly reason: string | undefined;
  readonly tries: string | undefined;
}

/** The dead letters of a destination; they stay where they are. */
export async function lettersOf(id: Hook): Promise<Letter[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: platform.stack[destinationDeadLettersOutput(id)],
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
    body: JSON.parse(Body),
    reason: MessageAttributes.reason?.StringValue,
    tries: MessageAttributes.tries?.StringValue,
  }));
}

/** Waits until a destination has so many dead letters. */
export const untilLetters = (id: Hook, count: number): Promise<Letter[]> =>
  eventually(async () => {
    const letters = await lettersOf(id);
    expect(letters).toHaveLength(count);
    return letters;
  });
