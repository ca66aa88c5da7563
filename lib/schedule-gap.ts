import { Duration } from 'aws-cdk-lib';
import { months, values, weekdays } from './cron.ts';

const minutesOfDay = 24 * 60;
/** Longer than any month and week together repeat; a year of months follows. */
const daysWatched = 800;

/**
 * The longest time between two starts of a schedule `cron(minutes hours day-of-month month day-of-week year)`, or undefined
 * where that cannot be said: a year, or one of the signs `L`, `W` and `#`.
 */
export function longestGap(schedule: string): Duration | undefined {
  const fields = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)$/.exec(schedule.trim());
  if (fields === null) return undefined;
  const [, minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  const at = {
    minute: values(minutes, 0, 59),
    hour: values(hours, 0, 23),
    day: values(dayOfMonth, 1, 31),
    month: values(month, 1, 12, months),
    weekday: values(dayOfWeek, 1, 7, weekdays),
  };
  const times = (at.hour ?? []).flatMap((hour) => (at.minute ?? []).map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  if (at.day === undefined || at.month === undefined || at.weekday === undefined || times.length === 0) return undefined;
  const { day, month: monthOf, weekday } = at;
  const isDay = (date: Date): boolean =>
    day.includes(date.getUTCDate()) && monthOf.includes(date.getUTCMonth() + 1) && weekday.includes(date.getUTCDay() + 1);
  const days = Array.from({ length: daysWatched }, (_, index) => index).filter((index) => isDay(new Date(Date.UTC(2023, 0, 1 + index))));
  const starts = days.flatMap((index) => times.map((time) => index * minutesOfDay + time));
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  // One by one, for they are more than a function takes arguments.
  return gaps.length === 0 ? undefined : Duration.minutes(gaps.reduce((longest, gap) => Math.max(longest, gap)));
}
