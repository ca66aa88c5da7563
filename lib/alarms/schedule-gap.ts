import { Duration } from 'aws-cdk-lib';
import { months, values, weekdays } from '../lake/cron-days.ts';

const minutesOfDay = 24 * 60;
/** Nine years, which contain 29 February twice. */
const daysWatched = 9 * 366;

/**
 * The longest time between two starts of a schedule `cron(minutes hours day-of-month month day-of-week year)`.
 * Undefined for a schedule with a year or with `L`, `W` or `#`.
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
  const times = (at.hour ?? [])
    .flatMap((hour) => (at.minute ?? []).map((minute) => hour * 60 + minute))
    .sort((a, b) => a - b);
  if (at.day === undefined || at.month === undefined || at.weekday === undefined || times.length === 0)
    return undefined;
  const { day, month: monthOf, weekday } = at;
  const isDay = (date: Date): boolean =>
    day.includes(date.getUTCDate()) &&
    monthOf.includes(date.getUTCMonth() + 1) &&
    weekday.includes(date.getUTCDay() + 1);
  const days = Array.from({ length: daysWatched }, (_, index) => index).filter((index) =>
    isDay(new Date(Date.UTC(2023, 0, 1 + index))),
  );
  if (days.length < 2) return undefined;
  const betweenDays = longestStep(days) * minutesOfDay - ((times.at(-1) ?? 0) - (times[0] ?? 0));
  return Duration.minutes(Math.max(longestStep(times), betweenDays));
}

const longestStep = (ascending: readonly number[]): number =>
  ascending.slice(1).reduce((longest, value, index) => Math.max(longest, value - (ascending[index] ?? value)), 0);
