import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { errorMessageOf } from '../../core/values/thrown.ts';

const anHour = 3_600_000;
/** Milliseconds; for longer spans it lists the whole zone instead of each day. */
const manyDays = 60 * 24 * anHour;

/** An object of the lake is not in Firehose's form. */
export class NotALakeObject extends Error {
  override readonly name = 'NotALakeObject';
}

/** Reads a zone of the lake that Firehose writes: gzip NDJSON below `<prefix>yyyy/MM/dd/HH/`. */
export const lakeZone = (client: S3Client, bucket: string, prefix: string) => ({
  /** Keys of all objects that arrived in a span of time, in order of arrival; without times, all keys. */
  async list(from?: number, to = Date.now()): Promise<string[]> {
    const days =
      from === undefined || to - from > manyDays ? [prefix] : daysBetween(from, to).map((day) => `${prefix}${day}/`);
    const [first, last] = [from ?? 0, to].map((at) => `${prefix}${hourPath(at)}/`) as [string, string];
    const keys: string[] = [];
    for (const Prefix of days)
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix }))
        keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    return keys.filter((key) => key >= first && key.slice(0, last.length) <= last).sort();
  },

  /**
   * Non-blank lines of an object.
   * @throws NotALakeObject when it is not gzip
   */
  async read(key: string): Promise<string[]> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return unzipped(key, bytes)
      .split('\n')
      .filter((line) => line.trim() !== '');
  },
});
export type LakeZone = ReturnType<typeof lakeZone>;

function unzipped(key: string, bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (error) {
    throw new NotALakeObject(`${key} must be gzip, as Firehose writes it: ${errorMessageOf(error)}`);
  }
}

/** The hour of arrival in a key, e.g. `2026/05/01/13`. */
export const hourPath = (at: number): string => new Date(at).toISOString().slice(0, 13).replace(/[-T]/g, '/');

function daysBetween(from: number, to: number): string[] {
  const first = Math.floor(from / (24 * anHour));
  const count = Math.floor(to / (24 * anHour)) - first + 1;
  return Array.from({ length: count }, (_, n) => hourPath((first + n) * 24 * anHour).slice(0, 10));
}
