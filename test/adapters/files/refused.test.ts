import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ColumnMetaData } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer/src/index.js';
import { describe, expect, it } from 'vitest';
import { checkPages } from '../../../lambdas/adapters/files/parquet-guard.ts';
import { readRows } from '../../../lambdas/adapters/files/read-rows.ts';
import { unzipped } from '../../../lambdas/adapters/files/unzipped.ts';
import type { FileForm } from '../../../lambdas/core/sources/file-form.ts';
import { fileOf, usualForm } from '../../fixtures/faulty-file.ts';

async function count(bytes: Buffer, how: Partial<FileForm> & Pick<FileForm, 'format'>, limit = 268_435_456) {
  let rows = 0;
  const columns = new Map([['id', 'text' as const]]);
  for await (const some of readRows(fileOf(bytes), { ...usualForm, ...how }, columns, { bytes: limit }))
    rows += some.length;
  return rows;
}

const csv = Buffer.from('id\n1\n2\n');
const parquet = Buffer.from(
  parquetWriteBuffer({ columnData: [{ name: 'id', data: ['1', '2', '3'], type: 'STRING' }], codec: 'SNAPPY' }),
);

describe('a file is refused', () => {
  it.each([
    {
      name: 'that ends within its gzip',
      bytes: gzipSync(csv).subarray(0, 20),
      why: 'is gzip that is broken or ends early',
    },
    {
      name: 'with a broken gzip',
      bytes: Buffer.concat([gzipSync(csv).subarray(0, 12), randomBytes(30)]),
      why: 'is gzip that is broken or ends early',
    },
    {
      name: 'with something after its gzip',
      bytes: Buffer.concat([gzipSync(csv), Buffer.alloc(9)]),
      why: 'has something after the end of its gzip',
    },
    {
      name: 'that is a ZIP archive',
      bytes: Buffer.concat([Buffer.from('PK\x03\x04'), csv]),
      why: 'is a ZIP archive; send text, or text compressed by gzip',
    },
    {
      name: 'of Zstandard',
      bytes: Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), csv]),
      why: 'is compressed by Zstandard; send text, or text compressed by gzip',
    },
    {
      name: 'of Parquet that should be CSV',
      bytes: parquet,
      why: 'is a Parquet file; send text, or text compressed by gzip',
    },
    {
      name: 'of another encoding by its mark',
      bytes: Buffer.from('\ufeffid\n1', 'utf16le'),
      why: 'is utf-16le by its byte order mark, and declared utf-8',
    },
    {
      name: 'of CSV that should be Parquet',
      bytes: csv,
      format: 'parquet',
      why: 'is no Parquet file: it is too short',
    },
    {
      name: 'of Parquet that was cut',
      bytes: parquet.subarray(0, -9),
      format: 'parquet',
      why: 'is no Parquet file: PAR1 is not at its end',
    },
    {
      name: 'of Parquet with a broken description',
      bytes: Buffer.concat([parquet.subarray(0, 20), Buffer.from([1, 1, 1, 1, 8, 0, 0, 0]), Buffer.from('PAR1')]),
      format: 'parquet',
      why: /^is a broken Parquet file: /,
    },
    {
      name: 'of Parquet with a broken page',
      bytes: Buffer.from(parquet).fill(255, 4, 12),
      format: 'parquet',
      why: /^is a b(roken Parquet file|omb): /,
    },
  ] as const)('$name', async ({ bytes, why, ...how }) => {
    const format = how.format ?? 'csv';
    await expect(count(bytes, { format })).rejects.toThrow(why);
    await expect(count(bytes, { format })).rejects.toMatchObject({ name: 'BadFile' });
  });

  it('that has more bytes than a function may read, as too large', async () => {
    const bytes = Buffer.from(`id\n${'12345\n'.repeat(1_000)}`);
    await expect(count(bytes, { format: 'csv' }, 6_002)).rejects.toMatchObject({ name: 'TooLarge' });
    await expect(count(gzipSync(bytes), { format: 'csv' }, 6_002)).rejects.toMatchObject({ name: 'TooLarge' });
    expect(await count(bytes, { format: 'csv' }, 6_003)).toBe(1_000);
    await expect(count(parquet, { format: 'parquet' }, 10)).rejects.toMatchObject({ name: 'TooLarge' });
  });
});

it('members of gzip, one after another, are one file', async () =>
  expect(await count(Buffer.concat([gzipSync(csv), gzipSync('3\n4\n')]), { format: 'csv' })).toBe(4));

it('a bomb of gzip is refused soon after 16 MB, whatever it would unpack to', async () => {
  let unpacked = 0;
  const read = async () => {
    const bomb = fileOf(gzipSync(Buffer.alloc(104_857_600)));
    for await (const chunk of unzipped(bomb.stream(), { bytes: 1e12 })) unpacked += chunk.length;
  };
  await expect(read()).rejects.toThrow('is a bomb');
  expect(unpacked).toBeLessThan(25_000_000);
});

it('a page of Parquet that says it is larger than its column is refused before it is unpacked', () => {
  const metadata = parquetMetadata(new Uint8Array(parquet).buffer);
  const part = metadata.row_groups[0]?.columns[0]?.meta_data as ColumnMetaData;
  const start = Number(part.dictionary_page_offset ?? part.data_page_offset);
  const bytes = parquet.subarray(start, start + Number(part.total_compressed_size));
  expect(() => checkPages(bytes, part)).not.toThrow();
  expect(() => checkPages(bytes, { ...part, num_values: 2n })).toThrow('is a bomb');
  expect(() => checkPages(bytes, { ...part, total_uncompressed_size: 3n })).toThrow('is a bomb');
});

/** What is garbage must go soon, so that what is held shows. */
const small = ['--max-old-space-size=64', '--max-semi-space-size=8'];

it.each([
  { name: 'a bomb of gzip', ended: /^BadFile: is a bomb/ },
  { name: 'a line without an end', ended: /^TooLarge: / },
  { name: 'a quote that nothing closes', ended: /^2621439 rows, 1 bad$/ },
  { name: 'another encoding', ended: /^0 rows, 1310720 bad$/ },
  { name: 'brackets without an end', ended: /^BadFile: is broken at line 1, byte \d+: a value is not closed$/ },
  { name: 'a text without an end', ended: /^BadFile: is broken at line 1, byte \d+: a value is not closed$/ },
])('$name takes less than 220 MB of memory', ({ name, ended }) => {
  const told = JSON.parse(
    execFileSync('node', [...small, 'test/fixtures/read-in-little.ts', name], { encoding: 'utf8' }),
  );
  console.info(`${name}: ${told.ended}, ${Math.round(told.mostBytes / 1e6)} MB`);
  expect(told.ended).toMatch(ended);
  expect(told.mostBytes).toBeLessThan(220e6);
});
