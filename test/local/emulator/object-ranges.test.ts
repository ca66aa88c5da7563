import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { referenceOutputs } from '../stack/template-parts.ts';

const template = {
  Resources: {
    Files: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
  },
  Outputs: referenceOutputs('Files'),
};

let stack: EmulatedStack;
beforeAll(async () => {
  stack = await deployShared(template);
});
afterAll(() => stack.stop());

it('a range of a version is a part of that version, also after another one', async () => {
  const s3 = new S3Client({ ...clientSettings(stack.url), forcePathStyle: true });
  const file = { Bucket: stack.outputs.Files, Key: 'file' };
  const { VersionId } = await s3.send(new PutObjectCommand({ ...file, Body: 'abcdef' }));
  await s3.send(new PutObjectCommand({ ...file, Body: 'ghijkl' }));
  const part = async (Range: string) => {
    const { Body, ContentRange, ContentLength } = await s3.send(new GetObjectCommand({ ...file, VersionId, Range }));
    return [await Body?.transformToString(), ContentRange, ContentLength];
  };
  expect(await part('bytes=2-3')).toEqual(['cd', 'bytes 2-3/6', 2]);
  expect(await part('bytes=4-9')).toEqual(['ef', 'bytes 4-5/6', 2]);
  expect(await part('bytes=-1')).toEqual(['f', 'bytes 5-5/6', 1]);
  await expect(part('bytes=6-9')).rejects.toThrow('The requested range is not satisfiable');
});
