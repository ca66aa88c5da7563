import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { destinationDeadLettersOutput } from '../../../lambdas/core/contract/outputs.ts';
import { asOwner, platform } from '../platform/deployment.ts';
import { findFunction } from '../platform/functions.ts';

const sqs = new SQSClient(asOwner);
const lambda = new LambdaClient(asOwner);

/** The queue that feeds the destination's function. */
export interface DeliveryQueue {
  readonly url: string;
  /** How often a message comes before SQS gives it to the dead letters, and which those are. */
  readonly redrivePolicy: { readonly maxReceiveCount: number | string; readonly deadLetterTargetArn: string };
}

/** Finds the queue of the destination `crm` by the function that reads it. */
export async function deliveryQueue(): Promise<DeliveryQueue> {
  const { name: FunctionName } = await findFunction('deliver');
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  const QueueName = mapping?.EventSourceArn?.split(':').at(-1);
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return { url: QueueUrl, redrivePolicy: JSON.parse(Attributes.RedrivePolicy ?? '{}') };
}

/** Has SQS give a message to the dead letters once it came so often. */
export async function boundTries(
  { url: QueueUrl, redrivePolicy }: DeliveryQueue,
  maxReceiveCount: number | string,
): Promise<void> {
  const RedrivePolicy = JSON.stringify({ ...redrivePolicy, maxReceiveCount });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
}

const deadLettersUrl = platform.stack[destinationDeadLettersOutput('crm')];

/** Bodies of the dead letters; they stay where they are. */
export async function deadLetters(): Promise<Record<string, unknown>[]> {
  const receive = new ReceiveMessageCommand({
    QueueUrl: deadLettersUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
  });
  const { Messages = [] } = await sqs.send(receive);
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
}

/** Sends all dead letters back to the queue, letter by letter, for the emulator has no move tasks. */
export async function redrive({ url }: DeliveryQueue): Promise<void> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadLettersUrl, MaxNumberOfMessages: 10 }),
  );
  for (const { Body, ReceiptHandle } of Messages) {
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: Body }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }));
  }
}
