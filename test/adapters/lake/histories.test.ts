import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { historyFiles } from '../../../lambdas/adapters/lake/histories.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());
const files = historyFiles(new S3Client({ region: 'eu-west-1' }), 'lake');

/** Answers with a file in pieces of so many bytes. */
const answer = (bytes: Uint8Array, piece: number) =>
  s3.on(GetObjectCommand).callsFake(() => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, n) =>
      bytes.subarray(n * piece, (n + 1) * piece),
    );
    return { Body: Readable.from(pieces) };
  });
async function linesOf(): Promise<string[]> {
  const found: string[] = [];
  for await (const line of files.lines('histories/run/lines/part-0.txt.gz')) found.push(line);
  return found;
}

describe('files of histories', () => {
  it('give their lines, however they arrive', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(`\u2028${text}`))),
        fc.integer({ min: 1, max: 40 }),
        async (lines, piece) => {
          answer(gzipSync(lines.map((line) => `${line}\n`).join('')), piece);
          expect(await linesOf()).toEqual(lines);
        },
      ),
    ));

  it('that are cut short give an error, and no line for whole', async () => {
    const whole = gzipSync('{"a":1}\n{"b":2}\n');
    answer(whole.subarray(0, whole.length - 9), 4);
    await expect(linesOf()).rejects.toThrow('unexpected end of file');
  });

  it('are told about beside them', async () => {
    s3.on(PutObjectCommand).resolves({});
    await files.write('run', 'request', { from: 0 });
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      ...{ Bucket: 'lake', Key: 'histories/run/request.json', Body: '{"from":0}' },
    });
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no such key', $metadata: {} }));
    expect(await files.read('run', 'manifest')).toBe(undefined);
  });

  it('belong to runs', async () => {
    s3.on(ListObjectsV2Command).resolves({
      CommonPrefixes: ['b', 'a'].map((run) => ({ Prefix: `histories/${run}/` })),
    });
    expect(await files.runs()).toEqual(['a', 'b']);
  });
});
