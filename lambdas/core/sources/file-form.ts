import * as z from 'zod';
import { ColumnName } from './column-name.ts';

/** Encodings of text. */
export const Encoding = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-15']);
export type Encoding = z.infer<typeof Encoding>;

/** How the files of a source are written. */
export const fileForm = {
  /** Form of the files. All but Parquet may be gzip. JSON is a list of objects, or objects one after another. */
  format: z.enum(['csv', 'ndjson', 'json', 'parquet']).default('csv'),
  /** Sign between the values of a line of CSV, e.g. `;` or a tab. */
  delimiter: z
    .string()
    .regex(/^[^"\r\n\0]$/, { error: 'must be one sign, and no quote or line break' })
    .default(','),
  /** Encoding of text. A byte order mark must agree with it. */
  encoding: Encoding.default('utf-8'),
  /** Whether the first line of CSV names the columns; else their names. */
  header: z.union([z.literal(true), z.array(ColumnName).min(1)]).default(true),
  /** Greatest share of bad rows, 0 to 1. Of a file with more of them, and more than 100, nothing is sent. */
  maxBadShare: z.number().min(0).max(1).default(0.1),
  /** Whether files may have more than 256 MB as unpacked; a job splits these. Without it, they are refused. */
  largeFiles: z.boolean().default(false),
  /** Whether each file has every record that there is, so that a record that it lacks was deleted. */
  complete: z.boolean().default(false),
};

/** How the files of a source are written. */
export type FileForm = z.infer<z.ZodObject<typeof fileForm>>;
