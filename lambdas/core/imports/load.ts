import { importPrefix } from '../contract/storage.ts';
import { formatInstant } from '../values/time.ts';

/** One file's bytes, or one run of a job that fetches rows. */
export interface Load {
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** What it is, the same whenever it is: the hash of a file's bytes, or the id of a run. */
  readonly name: string;
}

/** A staged object of rows that wait to be sent. */
export interface Piece {
  readonly sourceId: string;
  readonly loadId: string;
  readonly load: Load;
  readonly object: string;
  readonly number: number;
}

/** Id of a load: its start, e.g. `20260131T120000000Z`, and its name of letters, digits, `-` and `_`. */
export const loadIdOf = ({ startedAt, name }: Load): string =>
  `${formatInstant(startedAt).replace(/[-:.]/g, '')}-${name}`;

const loadId = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-([\w-]{1,100})$/;

/** Reads the id of a load; undefined if it is none. */
export function readLoadId(id: string): Load | undefined {
  const [, year, month, day, hour, minute, second, millisecond, name] = loadId.exec(id) ?? [];
  const startedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  return name === undefined || Number.isNaN(startedAt) ? undefined : { startedAt, name };
}

/** Key of a piece in the lake's bucket. */
export const pieceKey = ({ sourceId, loadId, object, number }: Omit<Piece, 'load'>): string =>
  `${importPrefix.staged}${sourceId}/${loadId}/${object}-${String(number).padStart(5, '0')}.ndjson.gz`;

const pieceName = /^([a-z][a-z0-9_-]{0,39})\/([^/]+)\/([a-z][a-z0-9_-]{0,39})-(\d{1,9})\.ndjson\.gz$/;

/** Reads the key of a piece; undefined if it is none. */
export function readPieceKey(key: string): Piece | undefined {
  if (!key.startsWith(importPrefix.staged)) return undefined;
  const [, sourceId, id, object, number] = pieceName.exec(key.slice(importPrefix.staged.length)) ?? [];
  const load = readLoadId(id ?? '');
  if (sourceId === undefined || id === undefined || object === undefined || load === undefined) return undefined;
  return { sourceId, loadId: id, load, object, number: Number(number) };
}
