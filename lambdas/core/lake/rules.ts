import * as z from 'zod';
import { ColumnName, Derive, Missing, Standardize } from './column-rules.ts';

/**
 * A column of the table `events` besides the standard ones, read by a path into the event, e.g. `{ name: 'size', type:
 * 'string', from: 'properties.size', meaning: '…' }`.
 */
const DeclaredColumn = z.strictObject({
  /** Name of the column. */
  name: ColumnName,
  /** Type of the column. A value that does not fit becomes null and is counted. */
  type: z.enum(['string', 'bigint', 'double', 'decimal(18,4)', 'boolean', 'timestamp']),
  /** Path into the event, e.g. `properties.size`. */
  from: z
    .string()
    .regex(/^(traits|properties|context)(\.[^.[\]]+)+$/, { error: 'begin with traits., properties. or context.' }),
  /** Meaning with its unit, which becomes the column's comment in the catalog. */
  meaning: z.string().min(1),
});

/** Columns that a job reads from other columns. */
const Enrich = z.strictObject({
  /** Reads browser, operating system and kind of device, bots included, from the user agent. */
  userAgent: z.boolean().default(true),
  /** Reads campaign fields and click ids from the page's address. */
  campaign: z.boolean().default(true),
  /** Classifies referrers. */
  referrer: z
    .strictObject({
      /** Your own domains, which do not count as referrers. */
      internal: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** Finds the country of an IP address. Without it, the column stays empty. */
  country: z
    .strictObject({
      /** Path from the app's directory to your MaxMind database file (`.mmdb`). */
      database: z.string().endsWith('.mmdb'),
    })
    .optional(),
});

/** Events in the order in which they must happen, all within some days of the first. */
const Funnel = z.strictObject({
  /** Name of the funnel. */
  name: z.string().min(1),
  /** Names of events, in the order in which a person must send them. */
  steps: z.array(z.string().min(1)).min(1),
  /** Days from the first step within which the others count. */
  days: z.int().min(1),
});

/** Settings of the marts. After a change, the next run makes them again from all events. */
const Marts = z.strictObject({
  /** Minutes of pause that end a session. */
  sessionMinutes: z.int().min(1).default(30),
  /** Days before an order in which a touch earns credit for it. */
  lookbackDays: z.int().min(1).default(30),
  /** Funnels of the table `funnels`. */
  funnels: z
    .array(Funnel)
    .min(1)
    .refine((funnels) => new Set(funnels.map(({ name }) => name)).size === funnels.length, {
      error: 'give each a name of its own',
    })
    .default([
      { name: 'purchase', steps: ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed'], days: 7 },
    ]),
});

/** How events are cleaned on their way into the lake's tables, in this order, and how marts are made from them. */
export const LakeRules = z.strictObject({
  /** Columns of your own in the table `events`. */
  columns: z.array(DeclaredColumn).default([]),
  /** Columns that a job brings into one form. A value that it cannot read stays as it is and is counted. */
  standardize: z.array(Standardize).default([
    { as: 'email', column: 'email' },
    { as: 'phone', column: 'phone' },
    { as: 'country', column: 'country' },
    { as: 'currency', column: 'currency' },
  ]),
  /** What happens to an event whose column is null or blank. */
  missing: z.array(Missing).default([]),
  /** Columns that a job reads from other columns. */
  enrich: Enrich.prefault({}),
  /** Columns that a job computes from others, in this order. */
  derive: z.array(Derive).default([]),
  /** Settings of the marts. After a change, the next run makes them again from all events. */
  marts: Marts.prefault({}),
});
export type LakeRules = z.infer<typeof LakeRules>;
