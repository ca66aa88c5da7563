import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Instead } from './delivery-stream.ts';
import { hourPath } from './lake-zone.ts';

/** Where lines end in the lake, and how an object there gets its name. */
export interface LakePlace {
  readonly bucket: string;
  /** One of the zones that Firehose writes, e.g. `quarantine/`. */
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** Puts what Firehose refused into the lake itself, as an object of its own beside those of Firehose: S3 has no quota that a flood of lines reaches. */
export const lakeObjects =
  (client: S3Client, { bucket, prefix, now, newId }: LakePlace): Instead =>
  async (left, refusal) => {
    try {
      const Body = gzipSync(left.map(({ text }) => text).join(''));
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${hourPath(now())}/direct-${newId()}.gz`, Body }));
      return { ok: true };
    } catch (error) {
      return { ...refusal, error: `${refusal.error}, and the lake: ${error instanceof Error ? error.name : 'UnknownError'}` };
    }
  };
