import * as z from 'zod';
import { parseInstant } from '../../values/time.ts';
import { closed, isWritten, picked, wanted } from '../comparisons/wanted.ts';

/** A length of time in minutes, hours, days or weeks: `90m`, `12h`, `30d`, `2w`. */
export type Duration = `${number}${'m' | 'h' | 'd' | 'w'}`;

const minute = 60_000;
const units: ReadonlyMap<string, number> = new Map([
  ['m', minute],
  ['h', 60 * minute],
  ['d', 24 * 60 * minute],
  ['w', 7 * 24 * 60 * minute],
]);
const longest = 43_830 * 24 * 60 * minute;

/** A duration in milliseconds. A day is 24 hours; days of the calendar have windows of their own. */
export const millisecondsIn = (duration: Duration): number =>
  Number(duration.slice(0, -1)) * (units.get(duration.slice(-1)) ?? Number.NaN);

const isDuration = (text: unknown): boolean => {
  if (typeof text !== 'string' || !/^[1-9]\d{0,6}[mhdw]$/.test(text)) return false;
  return millisecondsIn(text as Duration) <= longest;
};

export const Duration = z.custom<Duration>(isDuration, {
  error: wanted('a duration from a minute to 120 years, such as "90m", "12h", "30d" or "2w"'),
});

const isDate = (text: unknown): boolean =>
  typeof text === 'string' &&
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text) &&
  parseInstant(text) !== undefined;
const When = z.custom<string>(isDate, {
  error: wanted('a date such as "2026-03-01", or a time with its offset such as "2026-03-01T08:00:00Z"'),
});

/** Which occurrences count, by their time; `now` is when somebody asks. */
export type Window =
  /** From less than so long ago until now. */
  | { readonly within: Duration }
  /** From less than the second until at least the first so long ago. */
  | { readonly between: readonly [Duration, Duration] }
  /** At least so long ago. */
  | { readonly olderThan: Duration }
  /** From one date or time until before another. */
  | { readonly from?: string | undefined; readonly to?: string | undefined }
  /** The current unit of the calendar and those before it, so many in all. */
  | { readonly calendar: 'day' | 'week' | 'month'; readonly last: number };

const Between = closed({ between: z.tuple([Duration, Duration], { error: wanted('two durations') }) }).refine(
  ({ between: [from, to] }) => millisecondsIn(from) < millisecondsIn(to),
  { path: ['between'], error: 'must be the shorter duration and then the longer one' },
);
const Dates = closed({ from: When.optional(), to: When.optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, {
    error: 'must have "from", "to" or both; got neither',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'must be later than "from"',
  });
const Unit = z.enum(['day', 'week', 'month'], { error: wanted('"day", "week" or "month"') });
const Calendar = closed({
  calendar: Unit,
  last: z
    .int({ error: wanted('a whole number') })
    .min(1, { error: wanted('at least 1') })
    .max(400, { error: wanted('at most 400') }),
});

const forms: readonly (readonly [string, z.ZodType])[] = [
  ['within', closed({ within: Duration })],
  ['between', Between],
  ['olderThan', closed({ olderThan: Duration })],
  ['calendar', Calendar],
  ['from', Dates],
  ['to', Dates],
];

const neither = {
  path: [],
  message: 'must be a window, with "within", "between", "olderThan", "calendar", "from" or "to"; got none of them',
};

export const Window: z.ZodType<Window, Window> = picked<Window>(
  (value) => forms.find(([field]) => isWritten(value, field))?.[1] ?? neither,
  'a window',
);
