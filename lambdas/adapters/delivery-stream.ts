import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { Packed } from '../core/record.ts';
import { type PutOutcome, type RetryPolicy, refusedEntries, retryFailedEntries, retryPolicy } from './retry-failed-entries.ts';

/** Puts lines where the lake finds them; once it says `ok` they are safe. */
export type PutLines = (records: readonly Packed[]) => Promise<PutOutcome>;

/** A call takes 4 MiB at the most, and a record is just under one. */
const recordsPerCall = 4;

/** Speaks to a Firehose delivery stream: the lake's quarantine, or the identity log. */
export const deliveryStream =
  (client: FirehoseClient, streamName: string, policy: RetryPolicy = retryPolicy): PutLines =>
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
