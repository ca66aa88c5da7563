import {
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyBucket } from '../../../lambdas/adapters/lake/bucket-contents.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = new S3Client({ region: 'us-east-1' });
const s3 = mockClient(client);
const arn = 'arn:aws-cn:s3:::lake';
const named = (name: string) => Object.assign(new Error(name), { name });
const always = () => true;

/** What the bucket still holds: versions by even numbers, markers by odd ones. */
let held: number[] = [];
const key = (at: number) => ({ Key: `o${at}`, VersionId: `v${at}` });
const putPolicies = () =>
  s3.commandCalls(PutBucketPolicyCommand).map(({ args: [{ input }] }) => JSON.parse(input.Policy ?? ''));

beforeEach(() => {
  s3.reset();
  held = Array.from({ length: 2500 }, (_, at) => at);
  s3.on(GetBucketPolicyCommand).resolves({
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'Tls' }] }),
  });
  s3.on(PutBucketPolicyCommand).resolves({});
  s3.on(ListObjectVersionsCommand).callsFake(() => {
    const page = held.slice(0, 1000);
    return {
      Versions: page.filter((at) => at % 2 === 0).map(key),
      DeleteMarkers: page.filter((at) => at % 2 === 1).map(key),
    };
  });
  s3.on(DeleteObjectsCommand).callsFake(({ Delete: { Objects } }) => {
    const gone = new Set(Objects.map(({ VersionId }: { VersionId: string }) => VersionId));
    held = held.filter((at) => !gone.has(`v${at}`));
    return {};
  });
});

describe('a bucket is emptied', () => {
  it('of every version and every delete marker, over all pages', async () => {
    expect(await emptyBucket(client, arn, always)).toBe(true);
    expect(held).toEqual([]);
    expect(s3.commandCalls(DeleteObjectsCommand)).toHaveLength(3);
  });

  it('behind a policy that lets nobody write any more, in its own partition, whatever the policy said besides', async () => {
    await emptyBucket(client, arn, always);
    const refusal = {
      Sid: 'NothingMore',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${arn}/*`,
    };
    expect(putPolicies()).toEqual([{ Version: '2012-10-17', Statement: [{ Sid: 'Tls' }, refusal] }]);
  });

  it('again, without refusing twice, or when the policy went before', async () => {
    s3.on(GetBucketPolicyCommand).resolves({
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'NothingMore' }] }),
    });
    await emptyBucket(client, arn, always);
    s3.on(GetBucketPolicyCommand).rejects(named('NoSuchBucketPolicy'));
    await emptyBucket(client, arn, always);
    expect(putPolicies().map(({ Statement }) => Statement.length)).toEqual([1, 1]);
  });

  it('as far as time allows, and says when it was not enough', async () => {
    let pages = 2;
    expect(await emptyBucket(client, arn, () => pages-- > 0)).toBe(false);
    expect(held).toHaveLength(500);
  });

  it('when it is gone', async () => {
    s3.on(GetBucketPolicyCommand).rejects(named('NoSuchBucket'));
    expect(await emptyBucket(client, arn, always)).toBe(true);
  });

  it('or fails: by a refusal of one object, or of all', async () => {
    s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'somebody', Code: 'AccessDenied' }] });
    await expect(emptyBucket(client, arn, always)).rejects.toThrow(/^S3 refused to remove an object: AccessDenied$/);
    s3.on(ListObjectVersionsCommand).rejects(named('SlowDown'));
    await expect(emptyBucket(client, arn, always)).rejects.toThrow('SlowDown');
  });
});
