import { createHash } from 'node:crypto';
import { type ReadRow, TooLarge } from '../../core/files/read-row.ts';
import { type Tally, tallyOfRows } from '../../core/files/tally.ts';
import type { DeclaredFile } from '../../core/imports/file-key.ts';
import { readTypes } from '../../core/sources/files.ts';
import type { FileBytes } from './file-bytes.ts';
import { readRows } from './read-rows.ts';
import type { Limits } from './unzipped.ts';

/** What a function reads of a file; what is larger is split by a job. */
export const limitsOfFunction: Limits = { bytes: 268_435_456 };

/** A file that was read to its end. */
export interface CheckedFile {
  /** SHA-256 of its bytes as they are stored, in hexadecimal digits. */
  readonly sha256: string;
  readonly tally: Tally;
}

/** Rows of a file of a declared source. @throws BadFile, TooLarge */
export const rowsOfFile = (file: FileBytes, { source, declared }: DeclaredFile, limits = limitsOfFunction) =>
  readRows(file, source, new Map(Object.entries(readTypes(declared))), limits);

/**
 * Reads a file to its end, and sends nothing. `see` gets its rows.
 * @throws BadFile, TooLarge
 */
export async function checkFile(
  file: FileBytes,
  of: DeclaredFile,
  see: (rows: readonly ReadRow[]) => void = () => {},
): Promise<CheckedFile> {
  if (file.size > limitsOfFunction.bytes) throw new TooLarge(`has more than ${limitsOfFunction.bytes} bytes`);
  const tally = tallyOfRows();
  const hash = createHash('sha256');
  for await (const rows of rowsOfFile(file, of)) {
    tally.add(rows);
    see(rows);
  }
  for await (const bytes of file.stream()) hash.update(bytes);
  return { sha256: hash.digest('hex'), tally: tally.end() };
}
