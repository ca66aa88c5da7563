import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { pascalCase } from '../../core/contract/outputs.ts';
import { putAsidePrefix } from '../../core/contract/storage.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import type { PutOutcome } from '../streams/retry-failed-entries.ts';

/** Messages that the queue of a destination refuses, and why. */
export interface Refused {
  readonly destination: string;
  readonly parcels: readonly string[];
  readonly reason: string;
  /** Names what they are made of: the same again has the same place. */
  readonly origin: string;
}

/** Stores messages that a queue refuses; after `ok` they are safe. */
export type PutAside = (refused: Refused) => Promise<PutOutcome>;

/** Stores them among the failed batches, each destination's apart. */
export const putAside =
  (client: S3Client, Bucket: string, now: () => number): PutAside =>
  async ({ destination, parcels, reason, origin }) => {
    const Key = `${putAsidePrefix}${pascalCase(destination)}/${origin.replaceAll(/[^\w-]/g, '')}`;
    const about = {
      version: '1.0',
      timestamp: new Date(now()).toISOString(),
      requestContext: { condition: 'QueueRefused', reason },
      queueOf: destination,
    };
    const Body = JSON.stringify({ ...about, payload: JSON.stringify({ Records: parcels }) });
    try {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: 'failed', error: errorNameOf(error) };
    }
  };
