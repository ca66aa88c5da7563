import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { Packed } from '../../core/events/stream-record.ts';
import {
  type PutOutcome,
  type RetryPolicy,
  refusedEntries,
  retryFailedEntries,
  retryPolicy,
} from './retry-failed-entries.ts';

/** Puts lines into the lake; after `ok` they are safe. */
export type PutLines = (records: readonly Packed[]) => Promise<PutOutcome>;

/** A call accepts at most 4 MiB, and a record has just under one. */
const recordsPerCall = 4;

/**
 * Writes to a Firehose delivery stream: the lake's quarantine or the identity log. Refused lines go to `instead`, if
 * given.
 */
export const deliveryStream =
  (client: FirehoseClient, streamName: string, policy: RetryPolicy = retryPolicy, instead?: PutLines): PutLines =>
  async (records) => {
    for (let put = 0; put < records.length; put += recordsPerCall) {
      let left = records.slice(put, put + recordsPerCall);
      const putLeft = async (open: readonly Packed[]) => {
        left = [...open];
        const refused = await putBatch(client, streamName, open);
        left = refused.map(({ entry }) => entry);
        return refused;
      };
      const outcome = await retryFailedEntries(left, putLeft, policy);
      if (!outcome.ok) return putInstead([...left, ...records.slice(put + recordsPerCall)], outcome, instead);
    }
    return { ok: true };
  };

async function putInstead(
  left: readonly Packed[],
  refusal: Extract<PutOutcome, { ok: false }>,
  instead?: PutLines,
): Promise<PutOutcome> {
  if (instead === undefined) return refusal;
  const outcome = await instead(left);
  return outcome.ok ? outcome : { ...refusal, error: `${refusal.error}, and instead of it ${outcome.error}` };
}

async function putBatch(client: FirehoseClient, streamName: string, records: readonly Packed[]) {
  const Records = records.map(({ text }) => ({ Data: Buffer.from(text) }));
  const { RequestResponses } = await client.send(
    new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records }),
  );
  return refusedEntries(records, RequestResponses);
}
