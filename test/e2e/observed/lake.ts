import { gunzipSync } from 'node:zlib';
import { DeleteObjectsCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { asOwner, platform } from '../platform/deployment.ts';

/** One line of an object in the lake. */
export type LakeLine = Readonly<Record<string, unknown>>;

const client = new S3Client({ ...asOwner, forcePathStyle: true });
/** Objects never change, so each is read once. */
const linesOf = new Map<string, readonly LakeLine[]>();

/** An object of the lake lies or looks otherwise than readers of the lake expect. */
class UnexpectedObject extends Error {
  override readonly name = 'UnexpectedObject';
}

/** Everything that is in the raw zone now. */
export const rawEvents = (): Promise<LakeLine[]> => linesBelow(lakePrefix.raw);

/** Everything that is in quarantine now. */
export const quarantined = (): Promise<LakeLine[]> => linesBelow(lakePrefix.quarantine);

/** Every decision about identity that is in the lake now. */
export const identityLog = (): Promise<LakeLine[]> => linesBelow(lakePrefix.identityLog);

/** Deletes all files of the identity log, as their retention does. */
export async function forgetIdentityLog(): Promise<void> {
  const Objects = (await keysBelow(lakePrefix.identityLog)).map((Key) => ({ Key }));
  await client.send(new DeleteObjectsCommand({ Bucket: platform.lakeBucket, Delete: { Objects } }));
}

/** Every attempt to deliver that is in the lake now. */
export const attempts = (): Promise<LakeLine[]> => linesBelow(lakePrefix.attempts);

async function linesBelow(prefix: string): Promise<LakeLine[]> {
  const keys = await keysBelow(prefix);
  const byArrivalHour = new RegExp(`^${prefix}\\d{4}/\\d\\d/\\d\\d/\\d\\d/[^/]+$`);
  const misplaced = keys.find((key) => !byArrivalHour.test(key));
  if (misplaced !== undefined) throw new UnexpectedObject(`${misplaced} is not below ${prefix}yyyy/MM/dd/HH/`);
  for (const key of keys) if (!linesOf.has(key)) linesOf.set(key, await readObject(key));
  return keys.flatMap((key) => linesOf.get(key) ?? []);
}

async function keysBelow(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  const pages = paginateListObjectsV2({ client }, { Bucket: platform.lakeBucket, Prefix: prefix });
  for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  return keys;
}

async function readObject(Key: string): Promise<LakeLine[]> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: platform.lakeBucket, Key }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    throw new UnexpectedObject(`${Key} is not gzip; it begins ${Buffer.from(bytes.slice(0, 20))}`);
  const text = gunzipSync(bytes).toString('utf8');
  if (!text.endsWith('\n')) throw new UnexpectedObject(`${Key} does not end in a newline`);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as LakeLine);
}
