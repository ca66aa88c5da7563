import * as z from 'zod';

const ColumnName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, { error: 'use lower-case letters, digits and "_", at most 63, beginning with a letter' });

/** A column of the table `events` besides the standard ones, read by a path into the event, e.g. `{ name: 'size', type: 'string', from: 'properties.size', meaning: '…' }`. */
const DeclaredColumn = z.strictObject({
  name: ColumnName,
  type: z.enum(['string', 'bigint', 'double', 'decimal(18,4)', 'boolean', 'timestamp']),
  from: z.string().regex(/^(traits|properties|context)(\.[^.[\]]+)+$/, { error: 'begin with traits., properties. or context.' }),
  /** What it says, with its unit: the column's comment in the catalog. */
  meaning: z.string().min(1),
});

const Country = z.string().regex(/^[A-Z]{2}$/, { error: 'is no ISO 3166 code of two capitals' });

/** What Spark can read by, as https://spark.apache.org/docs/3.5.6/sql-ref-datetime-pattern.html lists it: of Java's letters not those of weeks, such as Y. */
const DatePattern = z
  .string()
  .min(1)
  .refine((pattern) => /^[^A-Za-z]*([GyMLdDahKkHmsSVzOXxZ]+[^A-Za-z]*)+$/.test(pattern.replaceAll(/'[^']*'/g, '')), {
    error: 'has letters that Spark does not read dates by; year, month and day are y, M and d',
  });

/** Which form a column's values are brought into; what cannot be read stays as it is and is counted. */
const Standardize = z.discriminatedUnion('as', [
  /** ISO 8601, from the first of these patterns of Spark that fits. */
  z.strictObject({ as: z.literal('date'), column: ColumnName, formats: z.array(DatePattern).min(1) }),
  /** ISO 3166 alpha-2, from a code or an English name. */
  z.strictObject({ as: z.literal('country'), column: ColumnName }),
  /** ISO 4217, from a code, an English name or a sign. */
  z.strictObject({ as: z.literal('currency'), column: ColumnName }),
  /** Trimmed, lower case. */
  z.strictObject({ as: z.literal('email'), column: ColumnName }),
  /** E.164; a number without a country code is of its source's `defaultCountry`, or else of this one. */
  z.strictObject({ as: z.literal('phone'), column: ColumnName, country: Country.optional() }),
]);

/** What becomes of an event whose value is null or blank. */
const Missing = z.discriminatedUnion('action', [
  /** The event is rejected, with its reason. */
  z.strictObject({ action: z.literal('drop'), column: ColumnName }),
  z.strictObject({ action: z.literal('unknown'), column: ColumnName }),
  z.strictObject({ action: z.literal('default'), column: ColumnName, value: z.union([z.string(), z.number(), z.boolean()]) }),
]);

/** What is told from what an event says; what is left out is not done. */
const Enrich = z.strictObject({
  /** Browser, system and kind of device, bots among them. */
  userAgent: z.boolean().default(true),
  /** Campaign fields and click ids from the page's address. */
  campaign: z.boolean().default(true),
  /** How a page was come to; these domains are your own. */
  referrer: z.strictObject({ internal: z.array(z.string().min(1)).default([]) }).prefault({}),
  /** Country of the address: a MaxMind database file (.mmdb) of yours, its path from the app's directory. */
  country: z.strictObject({ database: z.string().endsWith('.mmdb') }).optional(),
});

const Of = z.array(ColumnName).min(1);

/** A column made of others; a later rule may use an earlier one's. */
const Derive = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['sum', 'product', 'coalesce']), column: ColumnName, of: Of }),
  z.strictObject({ kind: z.literal('lower'), column: ColumnName, of: Of.length(1) }),
  z.strictObject({ kind: z.literal('concat'), column: ColumnName, of: Of, separator: z.string().default(' ') }),
  /** The label of the first bound that the number is below; one label more than bounds. */
  z
    .strictObject({
      kind: z.literal('bucket'),
      column: ColumnName,
      of: Of.length(1),
      bounds: z.array(z.number()).min(1),
      labels: z.array(z.string()).min(2),
    })
    .refine(({ bounds, labels }) => labels.length === bounds.length + 1, { error: 'give one label more than bounds', path: ['labels'] })
    .refine(({ bounds }) => bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] ?? bound)), {
      error: 'must rise',
      path: ['bounds'],
    }),
  /** UTC: year, month (2026-05), day (2026-05-01), hour (00 to 23) or weekday (monday). */
  z.strictObject({ kind: z.literal('date_part'), column: ColumnName, of: Of.length(1), part: z.enum(['year', 'month', 'day', 'hour', 'weekday']) }),
]);

/** Events in the order in which they must come, all within so many days of the first. */
const Funnel = z.strictObject({ name: z.string().min(1), steps: z.array(z.string().min(1)).min(1), days: z.int().min(1) });

/** What the marts are made with; after a change they are made anew. */
const Marts = z.strictObject({
  /** A pause of so many minutes ends a session. */
  sessionMinutes: z.int().min(1).default(30),
  /** Touches so many days before an order are credited with it. */
  lookbackDays: z.int().min(1).default(30),
  funnels: z
    .array(Funnel)
    .min(1)
    .refine((funnels) => new Set(funnels.map(({ name }) => name)).size === funnels.length, { error: 'give each a name of its own' })
    .default([{ name: 'purchase', steps: ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed'], days: 7 }]),
});

/** How events are cleaned on their way into the lake's tables, declared and not coded, applied in this order; and what marts are made of them. */
export const LakeRules = z.strictObject({
  columns: z.array(DeclaredColumn).default([]),
  standardize: z.array(Standardize).default([
    { as: 'email', column: 'email' },
    { as: 'phone', column: 'phone' },
    { as: 'country', column: 'country' },
    { as: 'currency', column: 'currency' },
  ]),
  missing: z.array(Missing).default([]),
  enrich: Enrich.prefault({}),
  derive: z.array(Derive).default([]),
  marts: Marts.prefault({}),
});
export type LakeRules = z.infer<typeof LakeRules>;
