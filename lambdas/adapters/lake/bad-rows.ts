import type { S3Client } from '@aws-sdk/client-s3';
import { lakePrefix } from '../../core/contract/storage.ts';
import type { Packed } from '../../core/events/stream-record.ts';
import type { PutOutcome } from '../streams/retry-failed-entries.ts';
import { lakeObjects } from './objects.ts';

/** Keeps rows that are not sent, under a name: the same name again replaces them. */
export type KeepRows = (
  records: readonly Packed[],
  place: { readonly at: number; readonly name: string },
) => Promise<PutOutcome>;

/** Keeps them in the quarantine, in which readers see no difference to Firehose's objects. */
export const badRows =
  (client: S3Client, bucket: string): KeepRows =>
  (records, { at, name }) =>
    lakeObjects(client, { bucket, prefix: lakePrefix.quarantine, now: () => at, newId: () => name })(records);
