import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Most bytes of a piece. Pieces have 4 MB; a line that is longer has one of its own. */
const mostBytes = 64 * 1024 * 1024;

/** An object is too large for a piece. */
export class TooLargeForAPiece extends Error {
  override readonly name = 'TooLargeForAPiece';
}

/** Reads the lines of a version of a piece. @throws TooLargeForAPiece */
export type ReadPiece = (key: string, versionId: string | undefined) => Promise<readonly string[]>;

/** Reads pieces in the lake's bucket. It counts bytes while it unpacks, so that no object fills the memory. */
export const stagedPieces =
  (client: S3Client, Bucket: string): ReadPiece =>
  async (Key, VersionId) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of Readable.from([bytes]).pipe(createGunzip())) {
      size += (part as Buffer).length;
      if (size > mostBytes) throw new TooLargeForAPiece(`a piece has at most ${mostBytes} bytes, unpacked`);
      parts.push(part as Buffer);
    }
    return Buffer.concat(parts)
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  };
