import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { failedBatchPrefix } from '../../core/contract/storage.ts';
import type { PutOutcome } from '../streams/retry-failed-entries.ts';

/** The parts of a stream record that locate it. */
interface StreamedRecord {
  readonly eventID?: string | undefined;
  readonly eventSourceARN?: string | undefined;
  readonly dynamodb?: { readonly SequenceNumber?: string | undefined } | undefined;
}

/** Stores an unreadable record with the reason; after `ok` the record is safe. */
export type KeepRecord = (record: StreamedRecord, reason: string) => Promise<PutOutcome>;

/** Logs and counts a record that was put aside, without personal data. */
type Tell = (details: { readonly reason: string; readonly sequenceNumber: string }) => void;

/**
 * Stores records among the failed batches in Lambda's own form, each under its own name, so a repeated record is stored
 * once.
 */
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
