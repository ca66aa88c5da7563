import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { failedBatchPrefix } from '../../core/contract/storage.ts';
import type { PutOutcome } from '../streams/retry-failed-entries.ts';

/** A record of a table's stream, as far as its place goes. */
interface StreamedRecord {
  readonly eventID?: string | undefined;
  readonly eventSourceARN?: string | undefined;
  readonly dynamodb?: { readonly SequenceNumber?: string | undefined } | undefined;
}

/** Keeps a record that a function cannot read, whole, with the reason; once it says `ok` the record is safe. */
export type KeepRecord = (record: StreamedRecord, reason: string) => Promise<PutOutcome>;

/** Tells an operator that a record was put aside, and counts it; never given anything about a person. */
type Tell = (details: { readonly reason: string; readonly sequenceNumber: string }) => void;

/** Keeps records among the failed batches, in the form in which Lambda keeps a batch there, each under its own name, so that one that comes again is kept once. */
export const setAside =
  (client: S3Client, bucket: string, now: () => number, tell: Tell): KeepRecord =>
  async (record, reason) => {
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
    const Key = `${failedBatchPrefix}set-aside/${(record.eventID ?? sequenceNumber).replaceAll(/[^\w-]/g, '')}`;
    const place = {
      startSequenceNumber: sequenceNumber,
      endSequenceNumber: sequenceNumber,
      batchSize: 1,
      streamArn: record.eventSourceARN,
    };
    const about = {
      version: '1.0',
      timestamp: new Date(now()).toISOString(),
      requestContext: { condition: 'Unreadable', reason },
    };
    const Body = JSON.stringify({
      ...about,
      DDBStreamBatchInfo: place,
      payload: JSON.stringify({ Records: [record] }),
    });
    try {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'application/json' }));
      tell({ reason, sequenceNumber });
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: 'failed', error: error instanceof Error ? error.name : 'UnknownError' };
    }
  };
