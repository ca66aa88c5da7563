import type { DeclaredObject, EventRows, RecordRows } from '../sources/objects.ts';
import { isNumber, numberText } from '../values/json.ts';
import { ascending } from '../values/order.ts';
import { ownValue } from '../values/own-value.ts';
import { formatInstant } from '../values/time.ts';
import { readTime } from '../values/time-forms.ts';
import type { Load } from './load.ts';
import type { ChangeLine, RowLine } from './piece-line.ts';

/** A row in the form that mappings read. */
export interface RowEntry {
  readonly type: string;
  /** What the ids of its messages are made of: the same for each time that the row is sent. */
  readonly name: readonly string[];
  /** When it happened, ISO 8601. */
  readonly time: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What mappings read besides. */
  readonly more: Readonly<Record<string, unknown>>;
  readonly mappings: Mappings;
  /** Mappings whose external ids name nobody of this entry any more. */
  readonly released?: Mappings | undefined;
  /** Whether whoever these ids named shall be erased. */
  readonly erases?: true | undefined;
}

type Mappings = readonly { readonly to: Readonly<Record<string, unknown>> }[];

/** Why a row cannot be sent. */
export interface RowFault {
  readonly field: string;
  readonly reason: string;
}

/** A row that can be mapped, or why it cannot. */
export type ReadEntry =
  | { readonly ok: true; readonly entry: RowEntry }
  | { readonly ok: false; readonly fault: RowFault };

const refuse = (field: string, reason: string): ReadEntry => ({ ok: false, fault: { field, reason } });

/** What an object's row is about, and when it happened. */
export function entryOfRow({ row, place, occurrence }: RowLine, declared: EventRows, load: Load): ReadEntry {
  const { object, key, time: column, mappings } = declared;
  const keys = key.map((name) => keyText(ownValue(row, name)));
  const missing = key.find((_, n) => keys[n] === undefined);
  if (missing !== undefined) return refuse(missing, 'is a column of the key, and must hold a text or a number');
  const given = column === undefined ? formatInstant(load.startedAt) : ownValue(row, column);
  const at = readTime(given);
  if (at === undefined) return refuse(column ?? '', 'must hold a time, such as 2026-01-31T12:00:00Z');
  const time = formatInstant(at);
  const number = occurrence ?? place.line ?? place.row ?? 0;
  const content = [load.name, canonical(row), String(number)];
  const name = key.length === 0 ? content : [...(keys as string[]), ...(column === undefined ? [] : [time])];
  const id = key.length === 0 ? undefined : idOf(keys as string[]);
  return {
    ok: true,
    entry: { type: object, name: [object, ...name], time, body: row, more: { row, object, id }, mappings },
  };
}

/** What a change of a record is about, and which mappings take it. */
export function entryOfChange({ record }: ChangeLine, declared: RecordRows): RowEntry {
  const { object, id, kind, changed, columns: row, at, hash } = record;
  const time = formatInstant(readTime(at) ?? 0);
  const empties = kind === 'deleted' && declared.deletes === 'clear';
  const mappings = declared.mappings.filter(({ on }) => on.includes(kind) || (empties && on.includes('updated')));
  const erases = kind === 'deleted' && declared.deletes === 'erase';
  const unlinks = erases || (kind === 'deleted' && declared.deletes === 'unlink');
  return {
    type: kind,
    name: [object, id, kind, time, hash],
    time,
    body: row,
    more: { row, changed, id, kind, object },
    mappings,
    ...(unlinks && { released: declared.mappings.filter(({ on }) => on.includes('created')) }),
    ...(erases && { erases }),
  };
}

/** The id of a record: the text of its only key, or the texts of its keys as a JSON list; undefined without them. */
export function recordId(row: Readonly<Record<string, unknown>>, { key }: DeclaredObject): string | undefined {
  const texts = key.map((name) => keyText(ownValue(row, name)));
  return texts.length === 0 || texts.includes(undefined) ? undefined : idOf(texts as string[]);
}

const idOf = (texts: readonly string[]): string => (texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts));

function keyText(value: unknown): string | undefined {
  if (isNumber(value)) return numberText(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A row as text, whatever the order of its columns. */
const canonical = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(row).sort(([a], [b]) => ascending(a, b)));

const day = 86_400_000;

/**
 * Why the time of a call is refused: it cannot be read, or it is more than a day after the start of its load, so that a
 * wrong clock or column is found before it wins over every later value.
 */
export function timeFault(timestamp: unknown, { startedAt }: Load): RowFault | undefined {
  const at = readTime(timestamp);
  if (at === undefined) return { field: 'timestamp', reason: 'must be a time, such as 2026-01-31T12:00:00Z' };
  if (at <= startedAt + day) return undefined;
  return { field: 'timestamp', reason: 'is more than a day after the start of the import' };
}
