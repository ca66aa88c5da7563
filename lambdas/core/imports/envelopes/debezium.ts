import { fieldsOf, isNumber, isObject, nearest, numberText, valueAt } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';
import { type Change, noChange, type ReadMessage, refused } from './change.ts';
import { type Position, readPosition } from './position.ts';

const kinds: ReadonlyMap<unknown, Change['kind']> = new Map([
  ['r', 'read'],
  ['c', 'created'],
  ['u', 'updated'],
  ['d', 'deleted'],
]);

/** A key or a value, without the schema that the JSON converter may put around it. */
const payloadOf = (message: unknown): unknown =>
  isObject(message) && Object.hasOwn(message, 'schema') && Object.hasOwn(message, 'payload')
    ? message.payload
    : message;

/**
 * Reads what Debezium writes of a change. `key` is the record's own key: with PostgreSQL's default replica identity a
 * deletion has no other columns than these.
 */
export function readDebezium(value: unknown, key?: unknown): ReadMessage {
  const payload = payloadOf(value);
  if (payload === null || payload === undefined) return noChange;
  if (!isObject(payload)) return refused('is no object with op, before and after');
  const op = ownValue(payload, 'op');
  // Heartbeats, changed schemas and the ends of transactions have no op; a message of the log and a truncation have.
  if (op === undefined || op === 'm') return noChange;
  if (op === 't') return refused('empties a whole table, which no single row can tell: import the table again');
  const kind = kinds.get(op);
  if (kind === undefined) return refused(`has the op ${JSON.stringify(op)}, and c, r, u and d are known`);
  const row = kind === 'deleted' ? deletedRow(payload, key) : ownValue(payload, 'after');
  if (!isObject(row)) return refused(kind === 'deleted' ? 'is a deletion without a key' : 'has no row in after');
  return { ok: true, change: { kind, row, ...told(payload) } };
}

/** Columns that the log has of a deleted row; the key's come from the record's key. Columns it left out are null. */
function deletedRow(payload: Record<string, unknown>, key: unknown): Record<string, unknown> | undefined {
  const row = { ...fieldsOf(ownValue(payload, 'before')), ...fieldsOf(payloadOf(key)) };
  return Object.keys(row).length === 0 ? undefined : row;
}

function told(payload: Record<string, unknown>): Pick<Change, 'position' | 'at' | 'table' | 'transaction'> {
  const source = fieldsOf(ownValue(payload, 'source'));
  const at = ownValue(source, 'ts_ms');
  const names = ['schema', 'table'].map((name) => ownValue(source, name)).filter((name) => typeof name === 'string');
  const transaction = valueAt(payload, ['transaction', 'id']) ?? ownValue(source, 'txId') ?? ownValue(source, 'gtid');
  return {
    position: positionIn(source),
    at: isNumber(at) ? nearest(at) : undefined,
    table: names.length === 0 ? undefined : names.join('.'),
    transaction: isNumber(transaction) ? numberText(transaction) : textOf(transaction),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * A row that two transactions change has the same order by the place of its own change as by the place of the commit.
 * MySQL counts places in files, and rows in a place; SQL Server and Oracle have places of their own.
 */
function positionIn(source: Record<string, unknown>): Position | undefined {
  const file = readPosition(ownValue(source, 'file'));
  if (file !== undefined) {
    const [pos = [0n], row = [0n]] = ['pos', 'row'].map((name) => readPosition(ownValue(source, name)));
    return [file.at(-1) ?? 0n, ...pos, ...row];
  }
  const hex = ['commit_lsn', 'change_lsn'].flatMap((name) => ofSqlServer(ownValue(source, name)));
  if (hex.length > 0) return [...hex, ...(readPosition(ownValue(source, 'event_serial_no')) ?? [])];
  return ['lsn', 'commit_scn', 'scn'].map((name) => readPosition(ownValue(source, name))).find((found) => found);
}

/** `00000027:00000758:0005` in hexadecimal digits. */
const ofSqlServer = (value: unknown): bigint[] =>
  typeof value === 'string' && /^[0-9a-f]{8}:[0-9a-f]{8}:[0-9a-f]{4}$/i.test(value)
    ? value.split(':').map((part) => BigInt(`0x${part}`))
    : [];
