import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { erasureProofIn } from '../../../lambdas/adapters/lake/erasure-proof.ts';
import { lakeSays } from '../../../lambdas/operations/privacy/lake-says.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const s3 = mockClient(S3Client);
const read = erasureProofIn(new S3Client({}), 'lake');
const answer = (text: string) =>
  s3.on(GetObjectCommand).resolves({ Body: { transformToString: async () => text } as never });
const proof = { version: 1, runs: [], cleanedBefore: '2026-05-01T12:00:00.000Z' };

describe('the proof of the lake’s eraser', () => {
  beforeEach(() => s3.reset());

  it('is read from one object of the lake', async () => {
    answer(JSON.stringify(proof));
    expect(await read()).toEqual(proof);
    expect(await lakeSays(read)).toEqual({ proof });
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).toEqual({ Bucket: 'lake', Key: 'erasures/lake' });
  });

  it('is not there before the eraser has run, and then nothing is proven', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: '', $metadata: {} }));
    expect(await read()).toBeUndefined();
    expect(await lakeSays(read)).toEqual({});
  });

  it('is none where something else lies, and the problem names the field', async () => {
    answer('{"version": 1, "runs": {}}');
    await expect(read()).rejects.toThrow('the proof of the lake’s eraser: runs: ');
    expect((await lakeSays(read)).problem).toContain('the proof of the lake’s eraser: runs: ');
  });

  it('does not pass for absent when it may not be read, and the problem quotes nothing', async () => {
    s3.on(GetObjectCommand).rejects(Object.assign(new Error('ann@example.com'), { name: 'AccessDenied' }));
    await expect(read()).rejects.toThrow();
    expect(await lakeSays(read)).toEqual({ problem: 'AccessDenied' });
  });
});
