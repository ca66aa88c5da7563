import * as z from 'zod';

/** A path such as `paging.next.after`, in an answer or in a row. */
const Path = z.string().min(1).max(200);
const Name = z.string().min(1).max(100);

/** How an API gives the pages after the first. */
export const Pages = z.discriminatedUnion('type', [
  z.strictObject({
    /** There is only one page. */
    type: z.literal('single'),
  }),
  z.strictObject({
    /** Each answer says a cursor for the next request. */
    type: z.literal('cursor'),
    /** Where the answer has it. */
    at: Path,
    /** The parameter that takes it. Give this or `body`. */
    param: Name.optional(),
    /** Where the body of the next request takes it. */
    body: Path.optional(),
    /** Where the answer says whether there is a next page, if it gives a cursor on the last page, too. */
    more: Path.optional(),
  }),
  z.strictObject({
    /** Each request says how many rows to skip. */
    type: z.literal('offset'),
    /** Rows of a page. */
    limit: z.int().min(1).max(10_000),
    offsetParam: Name.default('offset'),
    limitParam: Name.default('limit'),
    /** Where the answer has the number of all rows. Without it, an empty page is the last one. */
    total: Path.optional(),
  }),
  z.strictObject({
    /** Each request says the number of its page. */
    type: z.literal('page'),
    first: z.int().min(0).max(1).default(1),
    param: Name.default('page'),
  }),
  z.strictObject({
    /** Each answer has the address of the next page. */
    type: z.literal('link'),
    at: Path,
  }),
  z.strictObject({
    /** The address of the next page is in the header `Link`. */
    type: z.literal('header-link'),
  }),
]);
export type Pages = z.infer<typeof Pages>;

const Spread = z.union([
  Path,
  z.strictObject({
    /** A list of objects that each hold a name and a value. */
    at: Path,
    name: Path,
    value: Path,
  }),
]);

/** One endpoint, and what its rows mean. Texts may hold `{from}`, `{to}` and `{before}`, which is a second before `{from}`. */
export const Read = z.strictObject({
  /** `changes`: what changed between two times. `all`: every row, and a row that is absent is gone. `deleted`: rows that are gone. */
  means: z.enum(['changes', 'all', 'deleted']),
  /** Least hours between two reads. */
  everyHours: z.number().min(0).max(8760).default(0),
  /** Method of the request. */
  method: z.enum(['GET', 'POST']).default('GET'),
  /** Path below the address of the API. */
  path: z.string().regex(/^\/[^?#]*$/, { error: 'must begin with "/", and hold no query' }),
  /** Parameters of the query. */
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).default({}),
  /** Body of a POST. */
  json: z.record(z.string(), z.json()).optional(),
  /** Where the answer has the list of rows, e.g. `data`, or `$` where it is the list. */
  rows: Path,
  /** How the API gives the pages after the first. */
  pages: Pages,
  /** Whether a page is a position in a list, so that rows move. Such pages are read until they are still. */
  positional: z.boolean().default(false),
  /** Where the answer says `true` on the last page, if the cursor does not tell. */
  ends: Path.optional(),
  /** Whether the newest row comes first, which decides between two rows of one time. */
  newestFirst: z.boolean().default(false),
  /** Rows that the API gives of one question at most. A window with more is split. */
  mostRows: z.int().min(1).optional(),
  /** Days for which the API keeps changes. After a longer pause everything is read. */
  reachesBackDays: z.number().positive().optional(),
  /** Columns by name, each with its path in a row; `@run` is a second before the run. Without them, the row's own fields. */
  columns: z.record(z.string(), Path).optional(),
  /** Nested objects whose fields become columns. */
  spread: z.array(Spread).default([]),
  /** Columns to leave out. */
  drop: z.array(z.string()).default([]),
  /** A column and its values that mean: this row is gone. */
  deleted: z
    .strictObject({
      /** The column. */
      column: z.string().min(1),
      /** Its values that mean so. */
      values: z.array(z.union([z.string(), z.boolean(), z.number()])).min(1),
    })
    .optional(),
  /** Where an answer with status 200 holds a failure. */
  failure: Path.optional(),
});
export type Read = z.infer<typeof Read>;

/** How one object is read. */
export const Reading = z.strictObject({
  /** How the API writes times in its questions. */
  times: z.enum(['iso', 'seconds', 'milliseconds']).default('iso'),
  /** Minutes before the end of the last run that are read again, because changes become visible late. */
  lagMinutes: z.number().min(0).max(10_080).default(15),
  /** Days of a window. Each window is safe before the next begins. Without it, all changes are one window. */
  windowDays: z.number().positive().max(3660).optional(),
  /** Endpoints, one for each meaning. */
  reads: z
    .array(Read)
    .min(1)
    .refine((reads) => new Set(reads.map(({ means }) => means)).size === reads.length, {
      error: 'must have each meaning at most once',
    })
    .refine(
      (reads) =>
        reads.some(({ means }) => means === 'all') ||
        reads.every(({ reachesBackDays }) => reachesBackDays === undefined),
      { error: 'must read "all", too, if the API forgets changes' },
    ),
});
export type Reading = z.infer<typeof Reading>;
