import * as z from 'zod';
import { type Comparison, comparisonsOf } from '../comparisons/comparison.ts';
import { closed, isWritten, type Pick, picked, unlike, wanted } from '../comparisons/wanted.ts';
import { Computation } from './computation.ts';
import { EventMatch, eventFields } from './event-match.ts';
import { Duration, Window } from './window.ts';

/** A comparison with a date that depends on the time. */
export type DateComparison =
  | { readonly operator: 'during'; readonly window: Window }
  | { readonly operator: 'inNext'; readonly value: Duration }
  | { readonly operator: 'anniversary'; readonly from: number; readonly to: number };

/** How often. */
export interface Count {
  readonly operator: 'atLeast' | 'atMost' | 'exactly';
  readonly value: number;
}

export type TraitRule = { readonly trait: string } & (Comparison | DateComparison);
export type CountRule = EventMatch & { readonly count?: Count | undefined; readonly window?: Window | undefined };
export type OccurrenceRule = EventMatch & { readonly occurrence: 'first' | 'last'; readonly window: Window };
/** A and then B, less than `apart` later; with a window, when B came. */
export type SequenceRule = EventMatch & {
  readonly followedBy: EventMatch;
  readonly apart: Duration;
  readonly window?: Window | undefined;
};
/** A last happened at least `apart` ago, and B has not happened since. */
export type AbsenceRule = EventMatch & { readonly notFollowedBy: EventMatch; readonly apart: Duration };
export type ComputedRule = { readonly compute: Computation } & Comparison;

/** A rule over what is known of a person: a closed, typed tree, never text that something evaluates. */
export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  | TraitRule
  | CountRule
  | OccurrenceRule
  | SequenceRule
  | AbsenceRule
  | ComputedRule
  | { readonly inSegment: string }
  | { readonly inList: string }
  | { readonly consent: string; readonly is: 'granted' | 'denied' | 'unknown' }
  | { readonly identifier: string; readonly operator: 'exists' | 'missing' }
  | { readonly knownFor: Duration }
  | { readonly account: Rule }
  | { readonly sample: string; readonly percent: number };

const Name = z.string({ error: wanted('a name') }).min(1, { error: wanted('a name that is not empty') });
const Days = z
  .int({ error: wanted('a whole number of days') })
  .min(-365, { error: wanted('at least -365') })
  .max(365, { error: wanted('at most 365') });
const Times = z.int({ error: wanted('a whole number') }).max(1_000_000, { error: wanted('at most 1,000,000') });
const Count = closed({
  operator: z.enum(['atLeast', 'atMost', 'exactly'], { error: wanted('"atLeast", "atMost" or "exactly"') }),
  value: Times.min(0, { error: wanted('0 or more') }),
}).refine(({ operator, value }) => operator !== 'atLeast' || value > 0, {
  path: ['value'],
  error: 'must be 1 or more: everybody did it at least 0 times; got 0',
});

const traits = new Map<string, z.ZodType>([
  ...comparisonsOf({ trait: Name }),
  ['during', closed({ trait: Name, operator: z.literal('during'), window: Window })],
  ['inNext', closed({ trait: Name, operator: z.literal('inNext'), value: Duration })],
  [
    'anniversary',
    closed({ trait: Name, operator: z.literal('anniversary'), from: Days, to: Days }).refine(
      ({ from, to }) => from <= to,
      {
        path: ['to'],
        error: 'must not be before "from"',
      },
    ),
  ],
]);
const computed = comparisonsOf({ compute: Computation });

const byOperator =
  (schemas: ReadonlyMap<string, z.ZodType>): Pick =>
  (value) =>
    schemas.get(String(value.operator)) ?? unlike('operator', [...schemas.keys()], value);

const part: z.ZodType<Rule, Rule> = z.lazy(() => Rule);
const Parts = z
  .array(part, { error: wanted('a list of conditions') })
  .min(1, { error: wanted('a list of at least one condition') });
const percent = z
  .number({ error: wanted('a number') })
  .gt(0, { error: wanted('above 0') })
  .lt(100, { error: wanted('below 100') });

/** By the field that only one form has; forms of events come last, the most special first. */
const forms: readonly (readonly [string, z.ZodType | Pick])[] = [
  ['all', closed({ all: Parts })],
  ['any', closed({ any: Parts })],
  ['not', closed({ not: part })],
  ['trait', byOperator(traits)],
  ['compute', byOperator(computed)],
  ['inSegment', closed({ inSegment: Name })],
  ['inList', closed({ inList: Name })],
  [
    'consent',
    closed({
      consent: Name,
      is: z.enum(['granted', 'denied', 'unknown'], { error: wanted('"granted", "denied" or "unknown"') }),
    }),
  ],
  [
    'identifier',
    closed({ identifier: Name, operator: z.enum(['exists', 'missing'], { error: wanted('"exists" or "missing"') }) }),
  ],
  ['knownFor', closed({ knownFor: Duration })],
  ['account', closed({ account: part })],
  ['sample', closed({ sample: Name, percent })],
  ['followedBy', closed({ ...eventFields, followedBy: EventMatch, apart: Duration, window: Window.optional() })],
  ['notFollowedBy', closed({ ...eventFields, notFollowedBy: EventMatch, apart: Duration })],
  [
    'occurrence',
    closed({
      ...eventFields,
      occurrence: z.enum(['first', 'last'], { error: wanted('"first" or "last"') }),
      window: Window,
    }),
  ],
  ['event', closed({ ...eventFields, count: Count.optional(), window: Window.optional() })],
];

const known = forms.map(([field]) => `"${field}"`).join(', ');

export const Rule: z.ZodType<Rule, Rule> = picked<Rule>((value) => {
  const [, form] = forms.find(([field]) => isWritten(value, field)) ?? [];
  if (form === undefined) return { path: [], message: `must be a condition, with one of ${known}; got none of them` };
  return typeof form === 'function' ? form(value) : form;
}, 'a condition');
