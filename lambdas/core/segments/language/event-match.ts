import * as z from 'zod';
import { type Comparison, comparisonsOf, operators } from '../comparisons/comparison.ts';
import { closed, isWritten, picked, unlike, wanted } from '../comparisons/wanted.ts';

/** A comparison with a property of an event, or with what its context has there; dots lead into objects and lists. */
export type Filter = ({ readonly property: string } | { readonly context: string }) & Comparison;

/** An event by its type and, of a page or a screen, its name. */
export interface Call {
  readonly type: 'page' | 'screen' | 'identify' | 'group' | 'alias';
  readonly name?: string | undefined;
}

/** Which events count: those with this name (of a track call, else of a type) that fulfil all filters. */
export interface EventMatch {
  readonly event: string | Call;
  readonly where?: readonly Filter[] | undefined;
}

const Name = z
  .string({ error: wanted('a text') })
  .min(1, { error: wanted('a text that is not empty') })
  .max(1000, { error: wanted('a text of at most 1,000 characters') });
const Path = z.string({ error: wanted('a name') }).min(1, { error: wanted('a name that is not empty') });

const TypedCall = closed({
  type: z.enum(['page', 'screen', 'identify', 'group', 'alias'], {
    error: wanted('"page", "screen", "identify", "group" or "alias"'),
  }),
  name: Name.optional(),
}).refine(({ type, name }) => name === undefined || type === 'page' || type === 'screen', {
  path: ['name'],
  error: 'is for a page or a screen only',
});

const subjects = { property: comparisonsOf({ property: Path }), context: comparisonsOf({ context: Path }) };

const Filter: z.ZodType<Filter, Filter> = picked<Filter>((value) => {
  const subject = ['property', 'context'].find((name) => isWritten(value, name));
  if (subject === undefined) return { path: [], message: 'must have "property" or "context"; got neither' };
  const schemas = subject === 'property' ? subjects.property : subjects.context;
  return schemas.get(String(value.operator)) ?? unlike('operator', operators, value);
}, 'a comparison');

/** Fields of a form that is about events. */
export const eventFields = {
  event: z.union([Name, TypedCall], { error: wanted('the name of an event, or its type') }),
  where: z
    .array(Filter, { error: wanted('a list of comparisons') })
    .max(10, { error: wanted('a list of at most 10 comparisons') })
    .optional(),
};

export const EventMatch: z.ZodType<EventMatch, EventMatch> = closed(eventFields);

/** Events that count: by name or type, and by their properties. */
export const matching = (event: string | Call, where: readonly Filter[]): EventMatch => ({
  event,
  ...(where.length > 0 && { where }),
});
