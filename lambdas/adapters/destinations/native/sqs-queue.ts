import { GetQueueUrlCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Destination } from '../../../core/destinations/destination.ts';
import { entryId, outcomesOf, tenAtOnce } from './entries.ts';

/** Sends each call as a message to a queue of SQS, ten in a request. */
export function sqsQueue(client: SQSClient, arn: string): Destination {
  const [QueueOwnerAWSAccountId, QueueName] = arn.split(':').slice(4);
  let url: string | undefined;
  const find = async () => (await client.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }))).QueueUrl;
  return {
    batches: tenAtOnce,
    deliver: async (items) => {
      url ??= await find();
      const Entries = items.map(({ call }, n) => ({ Id: entryId(n), MessageBody: JSON.stringify(call) }));
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      return outcomesOf(
        items,
        Failed.map(({ Id, Code, SenderFault }) => ({ id: Id, code: Code, isOwnFault: SenderFault })),
      );
    },
  };
}
