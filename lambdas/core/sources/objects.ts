import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { isObject } from '../values/json.ts';
import { ColumnName } from './column-name.ts';
import { Envelope } from './envelope.ts';

/** What a reader makes of a column's text. A value that is not of its type puts its row into quarantine. */
export const ColumnType = z.enum(['text', 'number', 'boolean', 'time', 'json']);
export type ColumnType = z.infer<typeof ColumnType>;

/** A call, by Segment's mapping kit. */
const Call = z.record(z.string(), z.json()).refine(({ type }) => typeof type === 'string', {
  error: 'must have the type of a call, e.g. "identify"',
  path: ['type'],
});

/** What happened to a record. */
export const RecordKind = z.enum(['created', 'updated', 'deleted']);
export type RecordKind = z.infer<typeof RecordKind>;

const OfAnyRows = {
  /** What the rows are, e.g. `contacts`: lower-case letters, digits, `-` and `_`, at most 40 characters. */
  object: DeclaredId,
  /** Types of columns. A column that is not named has the type that the file, the table or the API gives it. */
  columns: z.record(ColumnName, ColumnType).optional(),
};

/** Rows that are things that happened: each becomes events of its own. */
export const EventRows = z.strictObject({
  ...OfAnyRows,
  /** What rows are: things that happened. */
  rows: z.literal('events'),
  /** Columns that name a row for ever, such as the number of an order. Without them, its content names it. */
  key: z.array(ColumnName).default([]),
  /** Column with the time at which it happened. Without one, the start of the load counts. */
  time: ColumnName.optional(),
  /**
   * Events that a row becomes. `{ '@path': '$.row.email' }` reads a column. Without mappings, a row is an event in
   * Segment's form itself.
   */
  mappings: z
    .array(
      z.strictObject({
        /** The event. */
        to: Call,
      }),
    )
    .default([]),
});

/** Rows that are things: the lake keeps the last version of each, and only what changed goes on. */
const RecordRows = z.strictObject({
  ...OfAnyRows,
  /** What rows are: things. The lake keeps the last version of each. */
  rows: z.literal('records'),
  /** Columns that name a record for ever, such as the id of a contact. */
  key: z.array(ColumnName).min(1),
  /** Column with the time of a record's last change. Without one, the start of the load counts. */
  updatedAt: ColumnName.optional(),
  /**
   * Events that a change becomes. `on` says which changes. Directives read `row` (all columns), `changed` (those that
   * changed; null where one was emptied), `id`, `kind`, `object` and `time`.
   */
  mappings: z
    .array(z.strictObject({ on: z.array(RecordKind).min(1).default(['created', 'updated']), to: Call }))
    .min(1),
  /**
   * What a deletion does besides the events that mappings make of it. `keep`: nothing. `clear`: it empties all columns.
   * `unlink`: the external ids that the mappings of a created record give name somebody else from then on, and the
   * person keeps all else. `erase`: these ids are let go, too, and a privacy request is filed to erase the person.
   */
  deletes: z.enum(['keep', 'clear', 'unlink', 'erase']).default('keep'),
  /** Greatest share of records that a complete load may delete, 0 to 1. A load that would delete more stops. */
  maxShrink: z.number().min(0).max(1).default(0.2),
});

/** Records whose rows may be changes out of a database's log. */
export const WrappedRecordRows = RecordRows.extend({
  /**
   * How a tool that follows a database's log wraps the rows. Of two changes of a record the later one in the log
   * counts, whatever order they come in.
   */
  envelope: Envelope.optional(),
});

/** Whether a deletion that shall release external ids has any. */
const hasIdsToRelease = (declared: z.infer<typeof RecordRows> | z.infer<typeof EventRows>) =>
  declared.rows === 'events' ||
  (declared.deletes !== 'unlink' && declared.deletes !== 'erase') ||
  declared.mappings.some(
    ({ on, to: { context } }) => on.includes('created') && isObject(context) && 'externalIds' in context,
  );
const givesIds = {
  error: 'unlink and erase need the external ids of a created record: give a mapping for created context.externalIds',
  path: ['deletes'],
};

const hasKeyOnce = ({ key }: { readonly key: readonly string[] }) => new Set(key).size === key.length;
const namesOnce = { error: 'must name each column once', path: ['key'] };

/** Rows of one form from one source. */
const PlainObject = z
  .discriminatedUnion('rows', [EventRows, RecordRows])
  .refine(hasKeyOnce, namesOnce)
  .refine(hasIdsToRelease, givesIds);
/** Rows of one form from a source that may wrap them. */
export const DeclaredObject = z
  .discriminatedUnion('rows', [EventRows, WrappedRecordRows])
  .refine(hasKeyOnce, namesOnce)
  .refine(hasIdsToRelease, givesIds);
export type DeclaredObject = z.infer<typeof DeclaredObject>;
export type EventRows = z.infer<typeof EventRows>;
export type RecordRows = z.infer<typeof WrappedRecordRows>;

/** A source's objects of one form, each with a name of its own. */
export const uniquelyNamed = <T extends z.ZodType<{ readonly object: string }>>(form: T) =>
  z
    .array(form)
    .min(1)
    .refine((objects) => new Set(objects.map(({ object }) => object)).size === objects.length, {
      error: 'names of objects must be unique',
    });

/** The objects of a source. */
export const Objects = uniquelyNamed(PlainObject);
