import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PutLines } from '../streams/delivery-stream.ts';
import { hourPath } from './zone.ts';

/** Where lines end in the lake, and how an object there gets its name. */
interface LakePlace {
  readonly bucket: string;
  /** One of the zones that Firehose writes, e.g. `quarantine/`. */
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * Puts lines into the lake itself, as an object of their own beside those of Firehose, where readers see no difference.
 * S3 has no quota that a flood of lines reaches.
 */
export const lakeObjects =
  (client: S3Client, { bucket, prefix, now, newId }: LakePlace): PutLines =>
  async (records) => {
    try {
      const Body = gzipSync(records.map(({ text }) => text).join(''));
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${hourPath(now())}/direct-${newId()}.gz`, Body }),
      );
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: 'failed', error: error instanceof Error ? error.name : 'UnknownError' };
    }
  };
