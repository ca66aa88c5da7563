import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Destination } from '../../../core/destinations/destination.ts';
import { entryId, outcomesOf, tenAtOnce } from './entries.ts';

/** Publishes each call to a topic of SNS, ten in a request, with its type as an attribute for filters. */
export const snsTopic = (client: SNSClient, topic: string): Destination => ({
  batches: tenAtOnce,
  deliver: async (items) => {
    const PublishBatchRequestEntries = items.map(({ call }, n) => ({
      Id: entryId(n),
      Message: JSON.stringify(call),
      MessageAttributes: { type: { DataType: 'String', StringValue: call.type } },
    }));
    const { Failed = [] } = await client.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries }));
    return outcomesOf(
      items,
      Failed.map(({ Id, Code, SenderFault }) => ({ id: Id, code: Code, isOwnFault: SenderFault })),
    );
  },
});
