import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DefaultCountry } from './default-country.ts';
import { Objects } from './objects.ts';
import { watched } from './watched.ts';

/** A query over the lake, whose answer is compared with the last one. What changed becomes traits. */
export const QuerySource = z.strictObject({
  /** Name in events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
  id: DeclaredId,
  /** A query over the lake that a job asks. */
  kind: z.literal('query'),
  /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
  defaultCountry: DefaultCountry,
  /** Whether nothing is kept that names the address or the agent of a person's device. */
  clientAnonymous: ClientAnonymous,
  ...watched,
  /** The query, in Spark's SQL over the lake's tables, e.g. `SELECT user_id, r_score FROM ...`. */
  sql: z
    .string()
    .max(50_000)
    .regex(/^\s*(select|with)\b/i, { error: 'must be a query: begin with SELECT or WITH' }),
  /** What the rows of the answer are: one object, whose rows are records. */
  objects: Objects.refine((objects) => objects.length === 1 && objects[0]?.rows === 'records', {
    error: 'must be one object, whose rows are records',
  }),
});
export type QuerySource = z.infer<typeof QuerySource>;
