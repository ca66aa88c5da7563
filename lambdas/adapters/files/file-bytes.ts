import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** A file that can be read from its beginning, more than once, and in parts. */
export interface FileBytes {
  readonly size: number;
  stream(): AsyncIterable<Uint8Array>;
  /** The bytes from `start` up to `end`, which is not among them. */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** An object of S3 that can be read. */
export interface OpenObject extends FileBytes {
  readonly version: string | undefined;
  /** When it was put there, in milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** Where an object is. Without a version, its latest one counts. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
}

/** One version of an object, so that all passes read the same bytes. */
export async function objectBytes(client: S3Client, { bucket, key, version }: ObjectPlace): Promise<OpenObject> {
  const of = { Bucket: bucket, Key: key };
  const head = await client.send(new HeadObjectCommand({ ...of, ...(version && { VersionId: version }) }));
  const one = { ...of, ...(head.VersionId !== undefined && { VersionId: head.VersionId }) };
  return {
    size: head.ContentLength ?? 0,
    version: head.VersionId,
    modifiedAt: head.LastModified?.getTime() ?? 0,
    async *stream() {
      const { Body } = await client.send(new GetObjectCommand(one));
      yield* Body as Readable;
    },
    async slice(start, end) {
      const { Body } = await client.send(new GetObjectCommand({ ...one, Range: `bytes=${start}-${end - 1}` }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}

/** A file on this machine. */
export async function localBytes(path: string): Promise<FileBytes> {
  const { size } = await stat(path);
  return {
    size,
    async *stream() {
      const file = await open(path);
      yield* file.createReadStream();
    },
    async slice(start, end) {
      const file = await open(path);
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}
