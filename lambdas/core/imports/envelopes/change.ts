import { comparePositions, type Position } from './position.ts';

/** A change of a row, out of a database's log. */
export interface Change {
  /** `read` is a row of a snapshot, which was there before the log began. */
  readonly kind: 'read' | 'created' | 'updated' | 'deleted';
  /** All columns after the change; of a deletion those that the log has, at least the key. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Undefined if the tool does not tell: then the order of arrival counts. */
  readonly position: Position | undefined;
  /** When it was committed, in milliseconds since 1970. */
  readonly at: number | undefined;
  /** Its table, with the schema if the tool tells it. */
  readonly table: string | undefined;
  readonly transaction: string | undefined;
}

/** A message of a tool that follows a database's log. A heartbeat, a tombstone or a changed schema is no change. */
export type ReadMessage =
  | { readonly ok: true; readonly change: Change | undefined }
  | { readonly ok: false; readonly reason: string };

/** A message that is no change of a row. */
export const noChange: ReadMessage = { ok: true, change: undefined };

/** A message that cannot be read. */
export const refused = (reason: string): ReadMessage => ({ ok: false, reason });

/**
 * Changes in the order of the log, whatever the order in which they came. Rows of a snapshot come before the changes at
 * their place; what has no place stays behind what came before it.
 */
export function inLogOrder(changes: readonly Change[]): Change[] {
  let last: Position = [];
  const placed = changes.map((change, arrival) => {
    last = change.position ?? last;
    return { change, arrival, position: last };
  });
  const rank = ({ kind }: Change): number => (kind === 'read' ? 0 : 1);
  return placed
    .sort(
      (a, b) => comparePositions(a.position, b.position) || rank(a.change) - rank(b.change) || a.arrival - b.arrival,
    )
    .map(({ change }) => change);
}
