import { Temporal } from 'temporal-polyfill';
import { beginningOf, dayAt } from './zone.ts';

/** How many days ahead an anniversary may be: from so many to so many; below 0 it is past. */
export interface Ahead {
  readonly from: number;
  readonly to: number;
}

/** Month and day of a date: `1990-05-17`, with a time or without, `05-17` or `--05-17`. */
export function monthDayOf(value: unknown): { readonly month: number; readonly day: number } | undefined {
  if (typeof value !== 'string') return undefined;
  const [, month, day] = /^\s*(?:\d{4}-|--)?(\d\d)-(\d\d)(?:[T ].*)?\s*$/.exec(value) ?? [];
  const monthDay = { month: Number(month), day: Number(day) };
  return month !== undefined &&
    monthDay.month >= 1 &&
    monthDay.month <= 12 &&
    monthDay.day >= 1 &&
    monthDay.day <= daysOf(monthDay.month)
    ? monthDay
    : undefined;
}

const longestOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysOf = (month: number): number => longestOfMonths[month - 1] ?? 0;

/** In years without one, the 29th of February is the 28th. */
const inYear = (year: number, { month, day }: { readonly month: number; readonly day: number }) =>
  Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' });

/** Instants between which an anniversary is so far ahead, of the years around `now`. */
export function anniversaries(
  value: unknown,
  { from, to }: Ahead,
  now: number,
  zone: string,
): { from: number; to: number }[] {
  const monthDay = monthDayOf(value);
  if (monthDay === undefined) return [];
  const { year } = dayAt(now, zone);
  return [-2, -1, 0, 1, 2, 3, 4, 5].map((years) => {
    const day = inYear(year + years, monthDay);
    return {
      from: beginningOf(day.subtract({ days: to }), zone),
      to: beginningOf(day.subtract({ days: from }).add({ days: 1 }), zone),
    };
  });
}
