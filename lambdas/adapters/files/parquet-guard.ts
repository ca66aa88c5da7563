import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ColumnMetaData, Compressors, FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors';
import { BadFile, TooLarge } from '../../core/files/read-row.ts';
import type { Limits } from './unzipped.ts';

/** Most values of one group of rows that are decoded at once. */
const mostValues = 20_000_000;
/** Most bytes of one group of rows, as unpacked. */
const mostGroupBytes = 268_435_456;

/** The algorithms with a limit of their own: what claims to be small must not unpack to more. */
export const boundedCompressors: Compressors = {
  GZIP: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  BROTLI: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }),
  ZSTD: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};

/** @throws TooLarge by what a file says of its size, before any of its values is decoded */
export function checkSizes({ row_groups: groups }: FileMetaData, limits: Limits): void {
  let bytes = 0;
  for (const { columns } of groups) {
    const parts = columns.map(({ meta_data: part }) => part);
    const unpacked = parts.reduce((sum, part) => sum + Number(part?.total_uncompressed_size ?? 0), 0);
    const values = parts.reduce((sum, part) => sum + Number(part?.num_values ?? 0), 0);
    bytes += unpacked;
    if (bytes > limits.bytes) throw new TooLarge(`has more than ${limits.bytes} bytes`);
    if (unpacked > mostGroupBytes || values > mostValues) throw new TooLarge('has a group of rows that is too large');
  }
}

/**
 * Adds up what the pages of a column say of themselves, because a page decides how much memory it takes.
 * @throws BadFile when it is more than the file told
 */
export function checkPages(bytes: Uint8Array, part: ColumnMetaData): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let values = 0;
  let unpacked = 0;
  while (reader.offset < bytes.byteLength - 1) {
    const page = parquetHeader(reader);
    const { data_page_header: one, data_page_header_v2: two, dictionary_page_header: words } = page;
    values += one?.num_values ?? two?.num_values ?? 0;
    unpacked += page.uncompressed_page_size;
    const isNegative = page.uncompressed_page_size < 0 || !(page.compressed_page_size >= 0);
    const isMore = values > Number(part.num_values) || unpacked > Number(part.total_uncompressed_size);
    if (isNegative || isMore || (words?.num_values ?? 0) > mostValues)
      throw new BadFile(`is a bomb: pages of column ${part.path_in_schema.join('.')} are larger than the file says`);
    reader.offset += page.compressed_page_size;
  }
}
