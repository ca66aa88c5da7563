import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { barrierFileIn } from '../../../lambdas/adapters/barriers/barrier-file.ts';
import { noBarriers } from '../../../lambdas/core/privacy/barrier-list.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const s3 = mockClient(S3Client);
const file = barrierFileIn(new S3Client({}), 'lake');
const answerOf = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
const body = (bytes: Uint8Array) => ({ transformToByteArray: async () => bytes }) as never;

describe('the file of barriers', () => {
  beforeEach(() => s3.reset());

  it('is read with its tag, and only if it is another one', async () => {
    s3.on(GetObjectCommand).resolvesOnce({ Body: body(noBarriers.bytes), ETag: '"1"' });
    expect(await file.read()).toMatchObject({ list: { size: 0 }, tag: '"1"' });
    s3.on(GetObjectCommand).rejects(answerOf('NotModified', 304));
    expect(await file.read('"1"')).toBeUndefined();
    expect(s3.commandCalls(GetObjectCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { Bucket: 'lake', Key: 'barriers/current' },
      { Bucket: 'lake', Key: 'barriers/current', IfNoneMatch: '"1"' },
    ]);
  });

  it('stops nobody before somebody files the first request', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: '', $metadata: {} }));
    expect(await file.read()).toEqual({ list: noBarriers, tag: undefined });
  });

  it('does not pass for empty when it may not be read', async () => {
    s3.on(GetObjectCommand).rejects(answerOf('AccessDenied', 403));
    await expect(file.read()).rejects.toThrow('AccessDenied');
  });

  it('takes the place of the version that it was made of, and of no other', async () => {
    s3.on(PutObjectCommand).resolvesOnce({}).rejects(answerOf('PreconditionFailed', 412));
    expect(await file.replace({ tag: undefined }, noBarriers)).toBe(true);
    expect(await file.replace({ tag: '"1"' }, noBarriers)).toBe(false);
    const inputs = s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
    expect(inputs).toMatchObject([{ IfNoneMatch: '*' }, { IfMatch: '"1"' }]);
  });
});
