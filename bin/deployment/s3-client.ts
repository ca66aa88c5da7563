import { S3Client } from '@aws-sdk/client-s3';

/** A client of S3; a local platform has no addresses of buckets. */
export const s3Client = (where: object, forcePathStyle: boolean | undefined): S3Client =>
  new S3Client({ ...where, forcePathStyle });
