import * as z from 'zod';
import { closed, isWritten, picked, unlike, wanted } from '../comparisons/wanted.ts';
import { type EventMatch, eventFields } from './event-match.ts';
import { Window } from './window.ts';

/** Computations of events alone, of amounts, and of values. */
const ofEvents = ['count', 'firstTime', 'lastTime'] as const;
const ofAmounts = ['sum', 'average', 'minimum', 'maximum'] as const;
const ofValues = ['first', 'last', 'distinct', 'list', 'mostFrequent'] as const;

/** What is computed of a person's events. */
export interface Computation extends EventMatch {
  readonly kind: (typeof ofEvents)[number] | (typeof ofAmounts)[number] | (typeof ofValues)[number];
  /** Of all but the kinds that are about the events alone: which property. */
  readonly property?: string | undefined;
  readonly window?: Window | undefined;
  /** Of `list`, `distinct` and `mostFrequent`: for how many values there is room. */
  readonly keep?: number | undefined;
}

const window = Window.optional();
const property = z
  .string({ error: wanted('the name of a property') })
  .min(1, { error: wanted('a name that is not empty') });
const keep = z
  .int({ error: wanted('a whole number') })
  .min(1, { error: wanted('at least 1') })
  .max(64, { error: wanted('at most 64') })
  .optional();

const schemas = new Map<string, z.ZodType>([
  ...ofEvents.map((kind) => [kind, closed({ kind: z.literal(kind), ...eventFields, window })] as const),
  ...[...ofAmounts, 'first', 'last'].map(
    (kind) => [kind, closed({ kind: z.literal(kind), ...eventFields, property, window })] as const,
  ),
  ...['distinct', 'list', 'mostFrequent'].map(
    (kind) => [kind, closed({ kind: z.literal(kind), ...eventFields, property, window, keep })] as const,
  ),
]);

const hasAges = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ['between', 'olderThan'].some((field) => isWritten(value, field));

export const Computation: z.ZodType<Computation, Computation> = picked<Computation>((value) => {
  const message = 'must not have ages: only the latest time of each value is known';
  if (['distinct', 'list'].includes(String(value.kind)) && hasAges(value.window)) return { path: ['window'], message };
  return schemas.get(String(value.kind)) ?? unlike('kind', [...schemas.keys()], value);
}, 'a computation');
