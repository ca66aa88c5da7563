import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  S3Client,
} from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { asOwner, stackOutput } from '../platform/deployment.ts';

/** Something that lies somewhere, with all its bytes. */
export interface Piece {
  readonly where: string;
  /** When it came there, milliseconds since 1970. */
  readonly at: number;
  readonly read: () => Promise<Buffer>;
}

/** A piece whose bytes are here. */
export const pieceOf = (where: string, at: number, bytes: Buffer): Piece => ({ where, at, read: async () => bytes });

/** A version of an object. */
export interface Version extends Piece {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** Whether it is what a reader gets who names no version. */
  readonly isCurrent: boolean;
}

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));

/** JSON in which bytes are base64, and sets are lists. */
export const textOf = (value: unknown): Buffer =>
  Buffer.from(
    JSON.stringify(value, (_, each) => {
      if (each instanceof Uint8Array) return Buffer.from(each).toString('base64');
      return each instanceof Set ? [...each] : each;
    }),
  );

/** All items of the profile table, as they are stored. */
export async function items(): Promise<(Piece & { readonly partition: string })[]> {
  const found: (Piece & { readonly partition: string })[] = [];
  const asked = { TableName: stackOutput('profileTable'), ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client: documents }, asked))
    for (const item of Items) {
      const partition = String(item.pk);
      found.push({ where: `${partition} ${item.sk}`, at: 0, partition, read: async () => textOf(item) });
    }
  return found;
}

/** All versions of all objects of a bucket that were written since a time. */
export async function versions(bucket: string, since: number): Promise<Version[]> {
  const found: Version[] = [];
  for (let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}; next !== undefined; ) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, ...next }),
    );
    for (const version of page.Versions ?? []) found.push(...written(bucket, version, since));
    next = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' }
      : undefined;
  }
  return found;
}

/** A version, if it was written since a time. */
function written(bucket: string, { Key: key = '', VersionId, IsLatest, LastModified }: ObjectVersion, since: number) {
  const [at, versionId] = [LastModified?.getTime() ?? 0, VersionId ?? 'null'];
  // Times of objects are whole seconds.
  if (at < since - 1_000) return [];
  const read = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  return [{ where: `${key} ${versionId}`, at, read, bucket, key, versionId, isCurrent: IsLatest === true }];
}
