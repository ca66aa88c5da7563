import { fieldsOf, isNumber, isObject, numberText } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';
import { readTime } from '../../values/time-forms.ts';
import { type Change, noChange, type ReadMessage, refused } from './change.ts';
import { type Position, readPosition } from './position.ts';

const operations: ReadonlyMap<unknown, Change['kind']> = new Map([
  ['load', 'read'],
  ['insert', 'created'],
  ['update', 'updated'],
  ['delete', 'deleted'],
]);
const letters: ReadonlyMap<unknown, Change['kind']> = new Map([
  ['I', 'created'],
  ['U', 'updated'],
  ['D', 'deleted'],
]);

/** Columns of a file of DMS that are not the table's: the task's rules name them. */
export interface DmsColumns {
  /** Column with the time of the commit (`TimestampColumnName`). */
  readonly time?: string;
  /** Column with the place in the log (`$AR_H_STREAM_POSITION` or `$AR_H_CHANGE_SEQ`). */
  readonly position?: string;
}

/** Reads a row of a file that DMS wrote to S3: `Op` says what happened; a row of the full load may lack it. */
export function readDmsRow(row: Readonly<Record<string, unknown>>, columns: DmsColumns = {}): ReadMessage {
  const { Op: op, ...others } = row;
  const kind = op === undefined || op === null || op === '' ? 'read' : letters.get(op);
  if (kind === undefined) return refused(`has the Op ${JSON.stringify(op)}, and I, U and D are known`);
  const own = new Set(Object.values(columns));
  const left = Object.fromEntries(Object.entries(others).filter(([name]) => !own.has(name)));
  const at = columns.time === undefined ? undefined : readTime(ownValue(row, columns.time));
  const position = columns.position === undefined ? undefined : readPosition(ownValue(row, columns.position));
  return { ok: true, change: { kind, row: left, position, at, table: undefined, transaction: undefined } };
}

/** Reads what DMS writes to Kinesis and Kafka. Records about the task and the table are no changes. */
export function readDmsMessage(value: unknown): ReadMessage {
  if (!isObject(value)) return refused('is no object with data and metadata');
  const metadata = fieldsOf(ownValue(value, 'metadata'));
  if (ownValue(metadata, 'record-type') === 'control') return noChange;
  const kind = operations.get(ownValue(metadata, 'operation'));
  if (kind === undefined) {
    const operation = JSON.stringify(ownValue(metadata, 'operation'));
    return refused(`has the operation ${operation}, and load, insert, update and delete are known`);
  }
  const row = ownValue(value, 'data');
  if (!isObject(row)) return refused('has no row in data');
  return { ok: true, change: { kind, row, ...told(metadata) } };
}

function told(metadata: Record<string, unknown>): Pick<Change, 'position' | 'at' | 'table' | 'transaction'> {
  const transaction = ownValue(metadata, 'transaction-id');
  const names = ['schema-name', 'table-name'].map((name) => ownValue(metadata, name));
  return {
    position: positionIn(metadata),
    at: readTime(ownValue(metadata, 'commit-timestamp') ?? ownValue(metadata, 'timestamp')),
    table: names.filter((name) => typeof name === 'string').join('.') || undefined,
    transaction: isNumber(transaction) ? numberText(transaction) : undefined,
  };
}

/** A place in the log, and the place of a change within its transaction. */
function positionIn(metadata: Record<string, unknown>): Position | undefined {
  const place = readPosition(ownValue(metadata, 'stream-position'));
  return place && [...place, ...(readPosition(ownValue(metadata, 'transaction-record-id')) ?? [])];
}
