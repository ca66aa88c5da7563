import { rowOfJson } from './ndjson-reader.ts';
import { BadFile, badRow, mostRowBytes, type ReadRow, type RowPlace, tooLong } from './read-row.ts';
import type { Columns } from './typed-row.ts';

/** How the bytes of a value are read: its text, or what is wrong with it. */
export type Decode = (bytes: Uint8Array) => { readonly text: string; readonly flaw?: string };

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
const comma = 0x2c;
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const space: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const openList = 0x5b;
const closeList = 0x5d;

/**
 * Reads a JSON list of objects, or objects one after another, by their bytes, so that no more than one is held. A
 * value that is no object is a bad row; a list that is broken makes the file bad, because nobody can say what of it is
 * a row.
 */
export function jsonReader(columns: Columns, decode: Decode, first: { readonly byte: number }) {
  let held = new Uint8Array(0);
  let at = 0;
  let byte = first.byte;
  let line = 1;
  /** Where the value that is being read begins in `held`, and its place. */
  let from: number | undefined;
  let place: RowPlace = {};
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  let cut = false;
  let list: 'unknown' | 'none' | 'open' | 'closed' = 'unknown';
  let wantsValue = true;

  const broken = (what: string): never => {
    throw new BadFile(`is broken at line ${line}, byte ${byte + at}: ${what}`);
  };

  const take = (rows: ReadRow[]): void => {
    const { text, flaw } = decode(held.subarray(from, at));
    const reason = cut ? tooLong : flaw;
    rows.push(reason === undefined ? rowOfJson(text, place, columns) : badRow(place, reason, text));
    from = undefined;
    cut = false;
    wantsValue = false;
  };

  /** Reads a byte between values. */
  const between = (sign: number): void => {
    if (space.has(sign)) return;
    if (list === 'closed') broken('something follows the list');
    if (list === 'unknown') list = sign === openList ? 'open' : 'none';
    else if (list === 'open' && sign === comma && !wantsValue) wantsValue = true;
    else if (list === 'open' && sign === closeList) list = 'closed';
    else if (list === 'open' && !wantsValue) broken('a comma or the end of the list was expected');
    else begin(sign);
    if (list === 'none' && from === undefined) begin(sign);
  };

  const begin = (sign: number): void => {
    if (sign === comma || closing.has(sign)) broken('a value was expected');
    from = at;
    place = { line, byte: byte + at };
    inside(sign);
  };

  /** Reads a byte of a value; the value ends after the byte if nothing is open any more. */
  const inside = (sign: number): void => {
    if (isEscaped) isEscaped = false;
    else if (inText && sign === backslash) isEscaped = true;
    else if (sign === quote) inText = !inText;
    else if (inText && sign === lineFeed) broken('a text is not closed');
    else if (!inText && opening.has(sign)) depth += 1;
    else if (!inText && closing.has(sign) && depth > 0) depth -= 1;
  };

  const ends = (sign: number): boolean => depth === 0 && !inText && (closing.has(sign) || sign === quote);

  const scan = (rows: ReadRow[]): void => {
    for (; at < held.length; at += 1) {
      const sign = held[at] as number;
      const isBare = from !== undefined && depth === 0 && !inText;
      // A number or a word ends before what follows it.
      if (isBare && (space.has(sign) || sign === comma || sign === closeList)) take(rows);
      if (from === undefined) between(sign);
      else inside(sign);
      if (from !== undefined && ends(sign)) {
        at += 1;
        take(rows);
        at -= 1;
      }
      if (sign === lineFeed) line += 1;
    }
  };

  /** Drops what was read, and of a value that is too long all but its beginning. */
  const forget = (): void => {
    const kept = from ?? at;
    if (at - kept > mostRowBytes) cut = true;
    const head = held.subarray(kept, cut ? kept + 16_384 : at);
    byte += at - head.length;
    held = head.slice();
    at = head.length;
    if (from !== undefined) from = 0;
  };

  return {
    push(chunk: Uint8Array): ReadRow[] {
      const rows: ReadRow[] = [];
      const longer = new Uint8Array(held.length + chunk.length);
      longer.set(held);
      longer.set(chunk, held.length);
      held = longer;
      scan(rows);
      forget();
      return rows;
    },
    end(): ReadRow[] {
      const rows: ReadRow[] = [];
      if (from !== undefined && (depth > 0 || inText)) broken('a value is not closed');
      if (from !== undefined) take(rows);
      if (list === 'open') broken('the list is not closed');
      return rows;
    },
  };
}
