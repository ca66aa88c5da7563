import { createHash } from 'node:crypto';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Packed } from '../core/record.ts';
import { type PutOutcome, type RetryPolicy, refusedEntries, retryFailedEntries, retryPolicy } from './retry-failed-entries.ts';

/** Puts records on the event stream; each goes to the shard of its source and person. */
export type SendEvents = (sourceId: string, records: readonly Packed[]) => Promise<PutOutcome>;

/** Speaks to the event stream. The client must use HTTP/1.1 (`NodeHttpHandler`): a request is one round trip, and signatures survive proxies. */
export const eventStream =
  (client: KinesisClient, streamName: string, policy: RetryPolicy = retryPolicy): SendEvents =>
  (sourceId, records) =>
    retryFailedEntries(
      records.map((record) => ({ PartitionKey: partitionKey(sourceId, record.person), Data: Buffer.from(record.text) })),
      async (entries) => {
        const { Records } = await client.send(new PutRecordsCommand({ StreamName: streamName, Records: [...entries] }));
        return refusedEntries(entries, Records);
      },
      policy,
    );

/** A digest, because partition keys end up in logs and metrics and must name no one. */
const partitionKey = (sourceId: string, person = ''): string => createHash('sha256').update(`${sourceId}\n${person}`).digest('hex').slice(0, 32);
