import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { clientSettings } from '../../platform/aws.ts';

/** Message ids of the lines in the lake's raw zone. */
export interface RawZone {
  readonly ids: readonly string[];
}

/** Reads the raw zone. Objects never change, so the reader fetches each object once. */
export function rawZoneReader(
  emulatorUrl: string,
  bucket: string,
): { read: () => Promise<RawZone>; close: () => void } {
  const client = new S3Client({ ...clientSettings(emulatorUrl), forcePathStyle: true });
  const idsIn = new Map<string, readonly string[]>();

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: lakePrefix.raw },
    )) {
      found.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
    return found;
  }

  async function readObject(Key: string): Promise<void> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const lines = gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean);
    idsIn.set(
      Key,
      lines.map((line) => String(JSON.parse(line).messageId)),
    );
  }

  return {
    read: async () => {
      const unread = (await keys()).filter((key) => !idsIn.has(key));
      await pMap(unread, readObject, { concurrency: 4 });
      return { ids: [...idsIn.values()].flat() };
    },
    close: () => client.destroy(),
  };
}
