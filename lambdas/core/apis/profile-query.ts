import * as z from 'zod';
import type { Paging } from '../values/paging.ts';
import { parseInstant } from '../values/time.ts';

/** Items on a page: the default, and the maximum. */
const pageLimits = { usual: 10, most: 200 } as const;

const Names = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);

const Instant = z.string().transform((text, check) => {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  check.addIssue({ code: 'custom', message: 'must be a date or time in ISO 8601' });
  return z.NEVER;
});

const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  z.enum(values, { error: `must be one of: ${values.join(', ')}` });

const whole = `must be a whole number from 1 to ${pageLimits.most}`;

/** The parameters of a profile's address. Other parameters are ignored, as in Segment's API. */
const ProfileQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, { error: whole })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= pageLimits.most, { error: whole })
    .optional(),
  next: z.string().max(1000, { error: 'must be the `next` of an earlier answer, at most 1,000 characters' }).optional(),
  include: Names.optional(),
  exclude: Names.optional(),
  class: oneOf('audience', 'computed_trait').optional(),
  verbose: oneOf('true', 'false')
    .default('false')
    .transform((verbose) => verbose === 'true'),
  start: Instant.optional(),
  end: Instant.optional(),
  sort: oneOf('asc', 'desc').default('desc'),
});
export type ProfileQuery = z.infer<typeof ProfileQuery>;

/** A query, or the problem with it. */
type ReadQuery = { readonly ok: true; readonly query: ProfileQuery } | { readonly ok: false; readonly problem: string };

/** Items on a page. A reader who names items gets all of them, and not the first ten. */
export const limitOf = ({ limit, include }: Pick<ProfileQuery, 'limit' | 'include'>): number =>
  limit ?? (include === undefined ? pageLimits.usual : pageLimits.most);

/** The part of a list that a query asks for. */
export const pagingOf = (query: ProfileQuery): Paging => ({ limit: limitOf(query), next: query.next });

/** Reads the parameters of a query. An empty one counts as absent. */
export function readQuery(parameters: Iterable<readonly [name: string, value: string]>): ReadQuery {
  const given = [...parameters].filter(([, value]) => value !== '');
  const parsed = ProfileQuery.safeParse(Object.fromEntries(given));
  if (parsed.success) return { ok: true, query: parsed.data };
  return {
    ok: false,
    problem: parsed.error.issues.map(({ path, message }) => `the parameter ${path.join('.')} ${message}`).join('; '),
  };
}
