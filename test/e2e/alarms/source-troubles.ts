import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { importPrefix } from '../../../lambdas/core/contract/storage.ts';
import { asOwner, platform, unique } from '../platform/deployment.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const put = (Key: string, Body: string | Uint8Array) =>
  s3.send(new PutObjectCommand({ Bucket: platform.lakeBucket, Key, Body }));

/** Puts a file where a source's files are expected. */
export const dropFile = (source: string, text: string) =>
  put(`${importPrefix.files}${source}/${unique('file')}.csv`, text);

/** Stages rows of a source as a reader does that cannot read them. */
export function stageBadRows(sourceId: string, object: string, rows: number) {
  const bad = { place: { file: 'rows', line: 2 }, reason: 'has too few columns', raw: '' };
  const load = `${new Date().toISOString().replace(/[-:.]/g, '')}-${unique('bad')}`;
  const lines = Array.from({ length: rows }, () => `${JSON.stringify({ bad })}\n`);
  return put(`${importPrefix.staged}${sourceId}/${load}/${object}-00000.ndjson.gz`, gzipSync(lines.join('')));
}
