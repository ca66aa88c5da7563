import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { clientSettings } from '../../platform/aws.ts';
import { systemSources } from './systems.ts';

/** Message ids of the lines in the lake's raw zone. */
export interface RawZone {
  /** Those of SDKs. */
  readonly ids: readonly string[];
  /** Those of other systems, by their source. */
  readonly imported: ReadonlyMap<string, readonly string[]>;
}

/** How many lines there are, repetitions included. */
export const linesIn = ({ ids, imported }: RawZone): number => ids.length + [...imported.values()].flat().length;

interface Line {
  readonly messageId: string;
  readonly sourceId: string;
}

const systems = new Set<string>(Object.values(systemSources));

/** Reads the raw zone. Objects never change, so the reader fetches each object once. */
export function rawZoneReader(
  emulatorUrl: string,
  bucket: string,
): { read: () => Promise<RawZone>; close: () => void } {
  const client = new S3Client({ ...clientSettings(emulatorUrl), forcePathStyle: true });
  const linesIn = new Map<string, readonly Line[]>();

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
    linesIn.set(
      Key,
      lines.map((line): Line => JSON.parse(line)),
    );
  }

  return {
    read: async () => {
      const unread = (await keys()).filter((key) => !linesIn.has(key));
      await pMap(unread, readObject, { concurrency: 4 });
      return rawZoneOf([...linesIn.values()].flat());
    },
    close: () => client.destroy(),
  };
}

function rawZoneOf(lines: readonly Line[]): RawZone {
  const idsOf = (some: readonly Line[]): string[] => some.map(({ messageId }) => messageId);
  const ofSystems = lines.filter(({ sourceId }) => systems.has(sourceId));
  const bySource = Map.groupBy(ofSystems, ({ sourceId }) => sourceId);
  return {
    ids: idsOf(lines.filter(({ sourceId }) => !systems.has(sourceId))),
    imported: new Map([...bySource].map(([source, own]) => [source, idsOf(own)])),
  };
}
