/** Where a row is in its file. Lines and rows count from 1, bytes from 0. */
export interface RowPlace {
  readonly line?: number;
  /** Offset in the file's bytes; those of a compressed file count as unpacked. */
  readonly byte?: number;
  readonly row?: number;
}

/** A row that cannot be read. */
export interface BadRow {
  readonly place: RowPlace;
  readonly reason: string;
  /** Its text, cut where it is very long. A byte that is not of the encoding is written as `\xE9`. */
  readonly raw: string;
}

/** A row of a file, or what is wrong with it. */
export type ReadRow =
  | { readonly row: Readonly<Record<string, unknown>>; readonly place: RowPlace }
  | { readonly bad: BadRow };

/** A physical line of a file, without the line feed at its end. */
export interface Line {
  readonly line: number;
  readonly byte: number;
  readonly text: string;
  /** Why nothing in it can be trusted. */
  readonly flaw?: string;
  /** Whether the flaw is its length, so that `text` is only its beginning. */
  readonly cut?: true;
}

/** Makes rows of lines. */
export interface RowReader {
  push(lines: readonly Line[]): ReadRow[];
  /** The rows that only the end of the file decides. */
  end(): ReadRow[];
}

/** Most bytes of a row; no event is as large. */
export const mostRowBytes = 1_048_576;
/** What is wrong with a row that is larger. */
export const tooLong = 'is longer than 1 MB';

const mostRaw = 16_384;

/** A row that cannot be read. Its text is kept up to a length that fits a record of the stream. */
export const badRow = (place: RowPlace, reason: string, raw: string): ReadRow => ({
  bad: { place, reason, raw: raw.length > mostRaw ? `${raw.slice(0, mostRaw)}…` : raw },
});

/** The file as a whole cannot be used; nothing of it is sent. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

/** The file is too large for this reader, and good as far as it was read. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}
