import { S3Client } from '@aws-sdk/client-s3';
import { s3Files } from '../../../adapters/destinations/native/s3-files.ts';
import { kindOf, withoutSecret } from './kind.ts';

/** Files in a bucket. */
export const kind = kindOf('s3', (files, { now }) =>
  withoutSecret(s3Files(new S3Client({ followRegionRedirects: true }), files, now)),
);
