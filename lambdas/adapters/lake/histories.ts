import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { lakePrefix } from '../../core/contract/storage.ts';

/** What is told of a run beside its lines: what is wanted, what the job wrote, and what came of it. */
export type AboutRun = 'request' | 'manifest' | 'outcome';

/** Files of the runs of the job `histories`, in the lake below `histories/<run>/`. */
export const historyFiles = (client: S3Client, Bucket: string) => ({
  /** What is told of a run; undefined if it is not there. */
  async read(run: string, about: AboutRun): Promise<unknown> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(run, about) }));
      return JSON.parse((await Body?.transformToString()) ?? '');
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },

  async write(run: string, about: AboutRun, told: unknown): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket, Key: keyOf(run, about), Body: JSON.stringify(told) }));
  },

  /** Lines of a file, one after another, so that a large file needs no memory. */
  async *lines(Key: string): AsyncGenerator<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    const unzipped = createGunzip().setEncoding('utf8');
    pipeline(Body as Readable, unzipped, () => undefined);
    let rest = '';
    for await (const text of unzipped) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  },

  /** Names of all runs. */
  async runs(): Promise<string[]> {
    const found: string[] = [];
    const of = { Bucket, Prefix: lakePrefix.histories, Delimiter: '/' };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client }, of))
      found.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(lakePrefix.histories.length, -1)));
    return found.sort();
  },
});
export type HistoryFiles = ReturnType<typeof historyFiles>;

const keyOf = (run: string, about: AboutRun): string => `${lakePrefix.histories}${run}/${about}.json`;
