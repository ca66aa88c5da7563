import { gzipSync } from 'node:zlib';
import type { Item } from '../../../core/destinations/destination.ts';
import { parquetFile } from './parquet-file.ts';

/** The form of a file: its content, the end of its name, and what S3 tells readers of it. */
export interface FileForm {
  readonly suffix: string;
  readonly headers: { readonly ContentType: string; readonly ContentEncoding?: string };
  readonly write: (items: readonly Item[]) => Uint8Array;
}

/** The forms that files can have. Each writes the same items as the same bytes. */
export const fileForms: Readonly<Record<'ndjson' | 'parquet', FileForm>> = {
  ndjson: {
    suffix: '.json.gz',
    headers: { ContentType: 'application/x-ndjson', ContentEncoding: 'gzip' },
    write: (items) => gzipSync(items.map(({ call }) => `${JSON.stringify(call)}\n`).join('')),
  },
  parquet: {
    suffix: '.parquet',
    headers: { ContentType: 'application/vnd.apache.parquet' },
    write: parquetFile,
  },
};
