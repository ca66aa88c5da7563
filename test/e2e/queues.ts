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
import { destinationDeadLettersOutput } from '../../lambdas/core/contract.ts';
import { asOwner, platform } from './deployment.ts';
import { findFunction } from './functions.ts';

const sqs = new SQSClient(asOwner);
const lambda = new LambdaClient(asOwner);

/** The queue that feeds the destination's function. */
export interface DeliveryQueue {
  readonly url: string;
  /** Times that a message is tried before it goes to the dead letters. */
  readonly tries: number;
  readonly secondsBetweenTries: number;
}

/** Finds the queue of the destination `crm` by the function that reads it. */
export async function deliveryQueue(): Promise<DeliveryQueue> {
  const { name: FunctionName } = await findFunction('deliver');
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  const QueueName = mapping?.EventSourceArn?.split(':').at(-1);
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const { maxReceiveCount } = JSON.parse(Attributes.RedrivePolicy ?? '{}') as { maxReceiveCount?: number | string };
  return { url: QueueUrl, tries: Number(maxReceiveCount), secondsBetweenTries: Number(Attributes.VisibilityTimeout) };
}

/** Says how long a message stays away after a try that failed. */
export async function waitBetweenTries({ url: QueueUrl }: DeliveryQueue, seconds: number): Promise<void> {
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } }));
}

const deadLettersUrl = platform.stack[destinationDeadLettersOutput('crm')];

/** Bodies of the dead letters; they stay where they are. */
export async function deadLetters(): Promise<Record<string, unknown>[]> {
  const receive = new ReceiveMessageCommand({ QueueUrl: deadLettersUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  const { Messages = [] } = await sqs.send(receive);
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
}

/** Sends all dead letters back to the queue, letter by letter, for the emulator has no move tasks. */
export async function redrive({ url }: DeliveryQueue): Promise<void> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLettersUrl, MaxNumberOfMessages: 10 }));
  for (const { Body, ReceiptHandle } of Messages) {
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: Body }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }));
  }
}
