import * as z from 'zod';

/** Name of a column in the lake's tables. */
export const ColumnName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, {
  error: 'use lower-case letters, digits and "_", at most 63, beginning with a letter',
});

const Country = z.string().regex(/^[A-Z]{2}$/, { error: 'is no ISO 3166 code of two capitals' });

/**
 * Letters that Spark parses dates by: https://spark.apache.org/docs/3.5.6/sql-ref-datetime-pattern.html; those of
 * weeks, such as Y, are excluded.
 */
const DatePattern = z
  .string()
  .min(1)
  .refine((pattern) => /^[^A-Za-z]*([GyMLdDahKkHmsSVzOXxZ]+[^A-Za-z]*)+$/.test(pattern.replaceAll(/'[^']*'/g, '')), {
    error: 'has letters that Spark does not read dates by; year, month and day are y, M and d',
  });

/** The form of a column's values. A value that cannot be read stays as it is and is counted. */
export const Standardize = z.discriminatedUnion('as', [
  z.strictObject({
    /** ISO 8601, read by the first of these Spark date patterns that fits. */
    as: z.literal('date'),
    column: ColumnName,
    formats: z.array(DatePattern).min(1),
  }),
  z.strictObject({
    /** ISO 3166 alpha-2, read from a code or an English name. */
    as: z.literal('country'),
    column: ColumnName,
  }),
  z.strictObject({
    /** ISO 4217, read from a code, an English name or a sign. */
    as: z.literal('currency'),
    column: ColumnName,
  }),
  z.strictObject({
    /** Trimmed, lower case. */
    as: z.literal('email'),
    column: ColumnName,
  }),
  z.strictObject({
    /** E.164. A number without a country code gets the source's `defaultCountry`, or else `country`. */
    as: z.literal('phone'),
    column: ColumnName,
    country: Country.optional(),
  }),
]);

/** What happens to an event whose column is null or blank. */
export const Missing = z.discriminatedUnion('action', [
  z.strictObject({
    /** Moves the event to the table `rejected_events`, with its reason. */
    action: z.literal('drop'),
    column: ColumnName,
  }),
  z.strictObject({
    /** Writes `unknown`. */
    action: z.literal('unknown'),
    column: ColumnName,
  }),
  z.strictObject({
    /** Writes `value`. */
    action: z.literal('default'),
    column: ColumnName,
    value: z.union([z.string(), z.number(), z.boolean()]),
  }),
]);

const Of = z.array(ColumnName).min(1);

/** A column that a job computes from others. A later rule can use the column of an earlier one. */
export const Derive = z.discriminatedUnion('kind', [
  z.strictObject({
    /** Sum or product of the columns, or the first that is not null. */
    kind: z.enum(['sum', 'product', 'coalesce']),
    column: ColumnName,
    of: Of,
  }),
  z.strictObject({
    /** Lower case of the column. */
    kind: z.literal('lower'),
    column: ColumnName,
    of: Of.length(1),
  }),
  z.strictObject({
    /** The columns as one text. */
    kind: z.literal('concat'),
    column: ColumnName,
    of: Of,
    separator: z.string().default(' '),
  }),
  z
    .strictObject({
      /** The label of the first bound above the number. `labels` has one entry more than `bounds`. */
      kind: z.literal('bucket'),
      column: ColumnName,
      of: Of.length(1),
      bounds: z.array(z.number()).min(1),
      labels: z.array(z.string()).min(2),
    })
    .refine(({ bounds, labels }) => labels.length === bounds.length + 1, {
      error: 'give one label more than bounds',
      path: ['labels'],
    })
    .refine(({ bounds }) => bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] ?? bound)), {
      error: 'must rise',
      path: ['bounds'],
    }),
  z.strictObject({
    /** Part of a time, UTC: year, month (2026-05), day (2026-05-01), hour (00 to 23) or weekday (monday). */
    kind: z.literal('date_part'),
    column: ColumnName,
    of: Of.length(1),
    part: z.enum(['year', 'month', 'day', 'hour', 'weekday']),
  }),
]);
