import type { ReadRow } from '../files/read-row.ts';

/** A line of a piece for a row of a file, without a line feed. */
export function stagedLine(read: ReadRow, file: string): string {
  if ('row' in read) return JSON.stringify({ row: read.row, place: { file, ...read.place } });
  const { place, reason, raw } = read.bad;
  return JSON.stringify({ bad: { place: { file, ...place }, reason, raw } });
}

/** Most characters of a piece, as unpacked; a longer line has a piece of its own. */
export const longestPiece = 4_000_000;
