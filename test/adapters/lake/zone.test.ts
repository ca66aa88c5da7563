import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { lakeZone, NotALakeObject } from '../../../lambdas/adapters/lake/zone.ts';
import { noProgress } from '../../../lambdas/operations/lake-walk.ts';
import { progressFile } from '../../../lambdas/operations/progress-file.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());
const zone = lakeZone(new S3Client({ region: 'eu-west-1' }), 'lake', 'raw/');
const hours = ['2026/04/30/22', '2026/04/30/23', '2026/05/01/00', '2026/05/01/01', '2026/05/02/09', '2026/05/02/10'];
const keys = hours.flatMap((hour) => [`raw/${hour}/b`, `raw/${hour}/a`]);

describe('the lake', () => {
  it('lists the objects of whole hours, in order, page by page', async () => {
    s3.on(ListObjectsV2Command).callsFake(({ Prefix, ContinuationToken }) => {
      const found = keys.filter((key) => key.startsWith(Prefix));
      const at = Number(ContinuationToken ?? 0);
      return {
        Contents: found.slice(at, at + 1).map((Key) => ({ Key })),
        ...(at + 1 < found.length && { IsTruncated: true, NextContinuationToken: String(at + 1) }),
      };
    });
    expect(await zone.list(Date.parse('2026-04-30T23:59:00Z'), Date.parse('2026-05-02T09:30:00Z'))).toEqual(
      hours.slice(1, 5).flatMap((hour) => [`raw/${hour}/a`, `raw/${hour}/b`]),
    );
  });

  it('lists the whole zone at once for a time of many days', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'raw/' }).resolves({ Contents: keys.map((Key) => ({ Key })) });
    expect(await zone.list(Date.parse('1970-01-01'), Date.parse('2026-04-30T23:30:00Z'))).toEqual(
      [...keys.slice(0, 4)].sort(),
    );
    expect(s3.commandCalls(ListObjectsV2Command)).toHaveLength(1);
  });

  it('gives the lines of an object', async () => {
    s3.on(GetObjectCommand).callsFake(() => ({
      Body: { transformToByteArray: async () => gzipSync('{"a":1}\n\n{"b":"ä"}\n') },
    }));
    expect(await zone.read('raw/x')).toEqual(['{"a":1}', '{"b":"ä"}']);
  });

  it('says which object is not what it must be', async () => {
    s3.on(GetObjectCommand).callsFake(() => ({ Body: { transformToByteArray: async () => Buffer.from('plain') } }));
    await expect(zone.read('raw/x')).rejects.toThrow(NotALakeObject);
    await expect(zone.read('raw/x')).rejects.toThrow('raw/x must be gzip');
  });
});

describe('a progress file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'progress-'));
  const progress = { ...noProgress, key: 'raw/x', line: 3, counts: { sent: 3 } };

  it('is found again by what was asked for, and by nothing else', async () => {
    const file = progressFile('replay', { from: 'a', where: ['x'] }, folder);
    expect(await file.load()).toBeUndefined();
    await file.save(progress);
    expect(await progressFile('replay', { from: 'a', where: ['x'] }, folder).load()).toEqual(progress);
    expect(await progressFile('replay', { from: 'b', where: ['x'] }, folder).load()).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it.each(['', '{', '{"key":1}'])('says so when it holds %j', async (text) => {
    const file = progressFile('replay', text, folder);
    writeFileSync(file.path, text);
    await expect(file.load()).rejects.toThrow('Use --restart');
  });
});
