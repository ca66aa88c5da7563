import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Destination, Item } from '../../../core/destinations/destination.ts';

/** Where the files go. */
export interface Files {
  readonly bucket: string;
  /** Begins the name of each object. */
  readonly prefix: string;
  /** ARN of the key that encrypts them; undefined for the bucket's own setting. */
  readonly key?: string | undefined;
}

/** Writes calls as gzip NDJSON, a file for each batch, named by hour and content: a repeated batch is one file. */
export const s3Files = (client: S3Client, { bucket, prefix, key }: Files, now: () => number): Destination => ({
  batches: { size: 1_000, keyOf: () => '', severalOfOne: true },
  deliver: async (items) => {
    const lines = items.map(({ call }) => `${JSON.stringify(call)}\n`).join('');
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `${prefix}${new Date(now()).toISOString().slice(0, 13).replace('T', '/')}/${nameFor(items)}.json.gz`,
        Body: gzipSync(lines),
        ContentType: 'application/x-ndjson',
        ContentEncoding: 'gzip',
        ...(key !== undefined && { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: key }),
      }),
    );
    return items.map(() => ({ kind: 'delivered', requests: 1 }));
  },
});

const nameFor = (items: readonly Item[]): string =>
  createHash('sha256')
    .update(JSON.stringify(items.map(({ id }) => id)))
    .digest('hex')
    .slice(0, 32);
