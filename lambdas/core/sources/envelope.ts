import * as z from 'zod';
import { ColumnName } from './column-name.ts';

const log = z.int().min(1).max(9_999).default(1);

/** How rows are wrapped by a tool that follows a database's log. */
export const Envelope = z.discriminatedUnion('kind', [
  z.strictObject({
    /** Messages of Debezium: with `op`, `before`, `after` and `source`, or flat by its ExtractNewRecordState. */
    kind: z.literal('debezium'),
    /** Number of the database's log. Raise it when the log begins again, e.g. after a move to another server. */
    log,
  }),
  z.strictObject({
    /** Rows of AWS Database Migration Service: files with a column `Op`, or messages with `data` and `metadata`. */
    kind: z.literal('dms'),
    /** Number of the database's log. Raise it when the log begins again, e.g. after a move to another server. */
    log,
    /** Column of a file with a row's place in the log: a rule of the task adds `$AR_H_CHANGE_SEQ`. */
    position: ColumnName.optional(),
  }),
]);
export type Envelope = z.infer<typeof Envelope>;

/** Whether the row is a value within the message, so that its columns get their types when the message is opened. */
export const isNested = (envelope: Envelope | undefined): boolean =>
  envelope !== undefined && (envelope.kind === 'debezium' || envelope.position === undefined);
