import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Destination, Item } from '../../../core/destinations/destination.ts';
import { fileForms } from './file-forms.ts';

/** Where the files go, and how they are. */
export interface Files {
  readonly bucket: string;
  /** Begins the name of each object. */
  readonly prefix: string;
  readonly format: keyof typeof fileForms;
  /** ARN of the key that encrypts them; undefined for the bucket's own setting. */
  readonly key?: string | undefined;
}

/**
 * Writes a file for each batch, named by the hour in which it was queued and by what is in it: a batch that is repeated
 * replaces its own file, and no other batch has its name.
 */
export function s3Files(client: S3Client, { bucket, prefix, format, key }: Files, now: () => number): Destination {
  const { suffix, headers, write } = fileForms[format];
  return {
    batches: { size: 1_000, keyOf: () => '', severalOfOne: true },
    deliver: async (items) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${prefix}${hourOf(items, now)}/${nameFor(items)}${suffix}`,
          Body: write(items),
          ...headers,
          ...(key !== undefined && { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: key }),
        }),
      );
      return items.map(() => ({ kind: 'delivered', requests: 1 }));
    },
  };
}

/** The hour of the last item; a reader of an hour that has passed misses nothing but what was tried again. */
const hourOf = (items: readonly Item[], now: () => number): string => {
  const queued = Math.max(...items.map((item) => item.queued ?? now()));
  return new Date(queued).toISOString().slice(0, 13).replace('T', '/');
};

/** News have ids of their own; of events, two can come with one id and differ. */
const nameFor = (items: readonly Item[]): string =>
  createHash('sha256')
    .update(JSON.stringify(items.map(({ id, about, call }) => (about === undefined ? call : [id, about]))))
    .digest('hex')
    .slice(0, 32);
