import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { importPrefix } from '../../../lambdas/core/contract/storage.ts';
import { asOwner, platform } from '../platform/deployment.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const Bucket = platform.lakeBucket;

/** Puts a file where a source has its files. */
export const drop = (source: string, name: string, Body: string | Buffer) =>
  s3.send(new PutObjectCommand({ Bucket, Key: `${importPrefix.files}${source}/${name}`, Body }));

/** Keys below a prefix, in order. */
async function keysBelow(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.map(({ Key = '' }) => Key).sort();
}

async function bytesOf(Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** The summary beside a file. @throws while there is none */
export const summaryOf = async (source: string, name: string) =>
  JSON.parse((await bytesOf(`${importPrefix.summaries}${source}/${name}.json`)).toString());

/** What the records of a load came to. @throws while no run has taken it */
export const resultOf = async (source: string, load: string) =>
  JSON.parse((await bytesOf(`${importPrefix.rows}${source}/${load}/contacts/result.json`)).toString());

/** Every change of a source's records that was told, oldest first: its kind, its record and its columns. */
export async function changesOf(source: string): Promise<{ kind: string; id: string; changed: object }[]> {
  const keys = await keysBelow(`${importPrefix.staged}${source}/`);
  const texts = await Promise.all(
    keys.map(async (key) =>
      gunzipSync(await bytesOf(key))
        .toString()
        .trim(),
    ),
  );
  // A piece of bad rows has no records.
  const lines = texts.flatMap((text) => text.split('\n').flatMap((line) => JSON.parse(line).record ?? []));
  return lines.map(({ kind, id, changed }) => ({ kind, id, changed }));
}
