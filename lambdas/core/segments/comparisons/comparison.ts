import * as z from 'zod';
import { parseInstant } from '../../values/time.ts';
import { closed, wanted } from './wanted.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()], { error: wanted('a text, a number or a boolean') });
const Amount = z.number({ error: wanted('a number') });
const Text = z.string({ error: wanted('a text') }).min(1, { error: wanted('a text that is not empty') });
const Scalars = z.array(Scalar, { error: wanted('a list') }).min(1, { error: wanted('a list of at least one value') });
const Instant = z
  .string({ error: wanted('a date such as "2026-03-01", or a time with its offset') })
  .refine(
    (text) =>
      /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text) &&
      parseInstant(text) !== undefined,
    {
      error: wanted('a date such as "2026-03-01", or a time with its offset'),
    },
  );

/** Each comparison by its operator, with what it compares with. */
const shapes = {
  equals: { value: Scalar },
  notEquals: { value: Scalar },
  greaterThan: { value: Amount },
  atLeast: { value: Amount },
  lessThan: { value: Amount },
  atMost: { value: Amount },
  between: { from: Amount, to: Amount },
  anyOf: { value: Scalars },
  noneOf: { value: Scalars },
  contains: {
    value: z.union([Text, z.number(), z.boolean()], {
      error: wanted('a text that is not empty, a number or a boolean'),
    }),
  },
  startsWith: { value: Text },
  endsWith: { value: Text },
  exists: {},
  missing: {},
  before: { value: Instant },
  after: { value: Instant },
} as const;

export type Operator = keyof typeof shapes;
export const operators = Object.keys(shapes) as Operator[];

/** A comparison of a value with what a definition says. */
export type Comparison = {
  [Its in Operator]: { readonly operator: Its } & {
    readonly [Field in keyof (typeof shapes)[Its]]: z.infer<(typeof shapes)[Its][Field] & z.ZodType>;
  };
}[Operator];

/** A schema for each comparison of what `subject` names. */
export const comparisonsOf = <Subject extends z.ZodRawShape>(subject: Subject): ReadonlyMap<string, z.ZodType> =>
  new Map(
    Object.entries(shapes).map(([operator, fields]) => [
      operator,
      closed({ ...subject, operator: z.literal(operator), ...fields }),
    ]),
  );
