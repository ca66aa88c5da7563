import { gzipSync } from 'node:zlib';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { importPrefix } from '../../core/contract/storage.ts';
import type { DeclaredFile } from '../../core/imports/file-key.ts';
import { FileSummary, summaryKey } from '../../core/imports/file-summary.ts';
import { type Load, loadIdOf, pieceKey } from '../../core/imports/load.ts';
import { longestPiece, stagedLine } from '../../core/imports/staged-line.ts';
import { manifestKey, recordsFolder } from '../../core/imports/staged-record.ts';
import { formatInstant } from '../../core/values/time.ts';
import { checkFile, rowsOfFile } from './check-file.ts';
import { type OpenObject, objectBytes } from './file-bytes.ts';

/** Which load the rows of a file become. */
export interface Staging {
  readonly of: DeclaredFile;
  /** Under which key its bytes were first taken up. */
  readonly key: string;
  /** The same for the same bytes. */
  readonly load: Load;
}

/** Where files and pieces are. */
export interface FileStore {
  open(key: string, version: string | undefined): Promise<OpenObject>;
  put(key: string, body: Uint8Array | string): Promise<unknown>;
  /** The text of an object; undefined if it is not there. */
  text(key: string): Promise<string | undefined>;
}

/** Files and pieces in the lake's bucket. */
export const fileStore = (client: S3Client, bucket: string): FileStore => ({
  open: (key, version) => objectBytes(client, { bucket, key, version }),
  put: (Key, Body) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body })),
  async text(Key) {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
});

/** Reads files that somebody put into the lake, and stages their rows there, in pieces of so many characters. */
export function stagedFiles({ open, put, text }: FileStore, pieceLength: number = longestPiece) {
  return {
    open,
    check: checkFile,
    tell: (summary: FileSummary) => put(summaryKey(summary.file), JSON.stringify(summary, null, 2)),

    /** What was told of a file. */
    async told(key: string): Promise<FileSummary | undefined> {
      const told = await text(summaryKey(key));
      return told === undefined ? undefined : FileSummary.parse(JSON.parse(told));
    },

    /**
     * Writes the rows of a file as pieces, or those of records as rows to compare; whoever does it again writes the
     * same bytes. It asks after each piece whether it goes on, and gives how many there are; undefined if it stopped.
     * A mark tells the job of large files that these bytes are staged.
     */
    async stage(file: OpenObject, staging: Staging, goesOn: () => Promise<boolean>): Promise<number | undefined> {
      const keyAt = keysOf(staging);
      let number = 0;
      for await (const piece of piecesOf(file, staging, pieceLength)) {
        await put(keyAt(number), piece);
        number += 1;
        if (!(await goesOn())) return undefined;
      }
      if (staging.of.declared.rows === 'records') await tellOfRecords(staging, put);
      await put(`${importPrefix.stagedFiles}${staging.of.source.id}/${staging.load.name}`, staging.key);
      return number;
    },
  };
}
export type StagedFiles = ReturnType<typeof stagedFiles>;

function keysOf({ of: { source, declared }, load }: Staging): (number: number) => string {
  const loadId = loadIdOf(load);
  return (number) =>
    declared.rows === 'records'
      ? `${recordsFolder(source.id, loadId)}${declared.object}/${number}.ndjson.gz`
      : pieceKey({ sourceId: source.id, loadId, object: declared.object, number });
}

async function* piecesOf(file: OpenObject, { of, key }: Staging, pieceLength: number): AsyncGenerator<Buffer> {
  let lines: string[] = [];
  let length = 0;
  for await (const rows of rowsOfFile(file, of))
    for (const row of rows) {
      const line = `${stagedLine(row, key)}\n`;
      if (length > 0 && length + line.length > pieceLength) {
        yield gzipSync(lines.join(''));
        lines = [];
        length = 0;
      }
      lines.push(line);
      length += line.length;
    }
  if (length > 0) yield gzipSync(lines.join(''));
}

async function tellOfRecords({ of: { source, declared }, load }: Staging, put: FileStore['put']): Promise<void> {
  const loadId = loadIdOf(load);
  const about = { source: source.id, load: loadId, object: declared.object, complete: source.complete };
  const manifest = { ...about, startedAt: formatInstant(load.startedAt) };
  await put(manifestKey(source.id, loadId), JSON.stringify(manifest));
}
