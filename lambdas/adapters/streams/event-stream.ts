import { createHash } from 'node:crypto';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Packed } from '../../core/events/stream-record.ts';
import type { SourcedRecord } from '../../core/replay/records.ts';
import {
  type PutOutcome,
  type RetryPolicy,
  refusedEntries,
  retryFailedEntries,
  retryPolicy,
} from './retry-failed-entries.ts';

/** Puts records on the event stream; each goes to the shard of its source and person. */
export type SendEvents = (sourceId: string, records: readonly Packed[]) => Promise<PutOutcome>;

/**
 * Writes to the event stream. The client must use HTTP/1.1 (`NodeHttpHandler`): a request is one round trip, and
 * signatures survive proxies.
 */
export const eventStream = (
  client: KinesisClient,
  streamName: string,
  policy: RetryPolicy = retryPolicy,
): SendEvents => {
  const put = putRecords(client, streamName, policy);
  return (sourceId, records) => put(records.map((record) => ({ ...record, sourceId })));
};

/** Puts records of any sources, at most 500 with 5 MiB together. */
const putRecords =
  (client: KinesisClient, streamName: string, policy: RetryPolicy) => (records: readonly SourcedRecord[]) =>
    retryFailedEntries(
      records.map((record) => ({
        PartitionKey: partitionKey(record.sourceId, record.person),
        Data: Buffer.from(record.text),
      })),
      async (entries) => {
        const { Records } = await client.send(new PutRecordsCommand({ StreamName: streamName, Records: [...entries] }));
        return refusedEntries(entries, Records);
      },
      policy,
    );

/** Writes any number of records to the event stream in few calls, and stops at the first that fails for good. */
export const eventStreamOfMany =
  (client: KinesisClient, streamName: string, policy: RetryPolicy = retryPolicy) =>
  async (records: readonly SourcedRecord[]): Promise<PutOutcome> => {
    const put = putRecords(client, streamName, policy);
    let outcome: PutOutcome = { ok: true };
    for (let at = 0, size = 0; at < records.length && outcome.ok; at += size) {
      size = callSize(records.slice(at, at + recordsPerCall));
      outcome = await put(records.slice(at, at + size));
    }
    return outcome;
  };

/** Maximum of one PutRecords call; the bytes leave room for the partition keys. */
const recordsPerCall = 500;
const bytesPerCall = 4_900_000;

function callSize(records: readonly SourcedRecord[]): number {
  let room = bytesPerCall;
  const end = records.findIndex(({ text }) => {
    room -= Buffer.byteLength(text);
    return room < 0;
  });
  return end === -1 ? records.length : Math.max(1, end);
}

/** A digest, because partition keys appear in logs and metrics and must not contain personal data. */
const partitionKey = (sourceId: string, person = ''): string =>
  createHash('sha256').update(`${sourceId}\n${person}`).digest('hex').slice(0, 32);
