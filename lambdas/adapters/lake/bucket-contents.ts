import {
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  PutBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** A bucket's policy as far as this reads it. */
interface BucketPolicy {
  readonly Statement: readonly { readonly Sid?: string }[];
}

const Sid = 'NothingMore';
const noPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [] });

/**
 * Removes every version of every object of a bucket, by its ARN, and every delete marker. Nothing can be written
 * meanwhile: access logs, and what a delivery still holds, would come for hours. False when it was told to stop before
 * it was done; a bucket that is gone is empty. @throws Error when S3 removes not all it is asked to
 */
export async function emptyBucket(s3: S3Client, arn: string, goOn: () => boolean): Promise<boolean> {
  const bucket = arn.replace(/^.*:/, '');
  try {
    await refuseWrites(s3, bucket, arn);
    // Always from the beginning, for what was there is gone.
    for (let found = await firstOf(s3, bucket); found.length > 0; found = await firstOf(s3, bucket)) {
      if (!goOn()) return false;
      await remove(s3, bucket, found);
    }
    return true;
  } catch (error) {
    if (isNamed(error, 'NoSuchBucket')) return true;
    throw error;
  }
}

async function refuseWrites(s3: S3Client, Bucket: string, arn: string): Promise<void> {
  const policy = JSON.parse(await policyOf(s3, Bucket)) as BucketPolicy;
  const refusal = { Sid, Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `${arn}/*` };
  const Statement = [...policy.Statement.filter((statement) => statement.Sid !== Sid), refusal];
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ ...policy, Statement }) }));
}

/** A deletion that failed may have taken the policy before. */
async function policyOf(s3: S3Client, Bucket: string): Promise<string> {
  try {
    return (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? noPolicy;
  } catch (error) {
    if (isNamed(error, 'NoSuchBucketPolicy')) return noPolicy;
    throw error;
  }
}

async function firstOf(s3: S3Client, Bucket: string): Promise<ObjectIdentifier[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
}

async function remove(s3: S3Client, Bucket: string, Objects: ObjectIdentifier[]): Promise<void> {
  const { Errors: [first] = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
  );
  if (first !== undefined) throw new Error(`S3 refused to remove an object: ${first.Code}`);
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
