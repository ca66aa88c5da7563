import { Duration } from 'aws-cdk-lib';

const minutesOfDay = 24 * 60;
/** Longer than any month and week together repeat; a year of months follows. */
const daysWatched = 800;
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

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
  return gaps.length === 0 ? undefined : Duration.minutes(Math.max(...gaps));
}

/** The values that a field names: `*`, `?`, `5`, `MON-FRI`, `0/6`, and lists of these; undefined where it says anything else. */
function values(field: string, least: number, most: number, names: readonly string[] = []): readonly number[] | undefined {
  const parts = field.split(',').map((part) => {
    const [, from, to, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const numberOf = (text: string): number => (names.includes(text.toUpperCase()) ? names.indexOf(text.toUpperCase()) + least : Number(text));
    if (from === undefined) return [];
    const every = from === '*' || from === '?';
    const first = every ? least : numberOf(from);
    const last = to !== undefined ? numberOf(to) : every || step !== undefined ? most : first;
    const by = Number(step ?? 1);
    if (![first, last, by].every(Number.isInteger) || first < least || last > most || by < 1) return [];
    return Array.from({ length: Math.max(0, Math.floor((last - first) / by) + 1) }, (_, index) => first + index * by);
  });
  return parts.some((part) => part.length === 0) ? undefined : [...new Set(parts.flat())];
}
