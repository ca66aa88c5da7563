import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { Packed } from '../core/record.ts';
import { type PutOutcome, type RetryPolicy, refusedEntries, retryFailedEntries, retryPolicy } from './retry-failed-entries.ts';

/** Puts rejected events where an operator finds them, with the reason. */
export type Quarantine = (records: readonly Packed[]) => Promise<PutOutcome>;

/** Speaks to the delivery stream that leads to the lake's quarantine prefix. */
export const quarantine =
  (client: FirehoseClient, streamName: string, policy: RetryPolicy = retryPolicy): Quarantine =>
  (records) =>
    retryFailedEntries(
      records.map(({ text }) => ({ Data: Buffer.from(text) })),
      async (entries) => {
        const put = new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records: [...entries] });
        const { RequestResponses } = await client.send(put);
        return refusedEntries(entries, RequestResponses);
      },
      policy,
    );
