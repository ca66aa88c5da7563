import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { Packed } from '../core/record.ts';
import { type PutOutcome, type RetryPolicy, refusedEntries, retryFailedEntries, retryPolicy } from './retry-failed-entries.ts';

/** Puts rejected events where an operator finds them, with the reason. */
export type Quarantine = (records: readonly Packed[]) => Promise<PutOutcome>;

/** A call takes 4 MiB at the most, and a record is just under one. */
const recordsPerCall = 4;

/** Speaks to the delivery stream that leads to the lake's quarantine prefix. */
export const quarantine =
  (client: FirehoseClient, streamName: string, policy: RetryPolicy = retryPolicy): Quarantine =>
  async (records) => {
    let outcome: PutOutcome = { ok: true };
    for (let put = 0; put < records.length && outcome.ok; put += recordsPerCall) {
      const entries = records.slice(put, put + recordsPerCall).map(({ text }) => ({ Data: Buffer.from(text) }));
      outcome = await retryFailedEntries(entries, (open) => putBatch(client, streamName, open), policy);
    }
    return outcome;
  };

async function putBatch<Entry extends { readonly Data: Uint8Array }>(client: FirehoseClient, streamName: string, entries: readonly Entry[]) {
  const { RequestResponses } = await client.send(new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records: [...entries] }));
  return refusedEntries(entries, RequestResponses);
}
