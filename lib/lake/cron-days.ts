/** Names of months in cron expressions, starting with January. */
export const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** Names of weekdays in cron expressions, starting with Sunday. */
export const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The values that a field names: `*`, `?`, `5`, `MON-FRI`, `0/6`, and lists of these; undefined for anything else. */
export function values(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): readonly number[] | undefined {
  const parts = field.split(',').map((part) => {
    const [, from, to, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const numberOf = (text: string): number =>
      names.includes(text.toUpperCase()) ? names.indexOf(text.toUpperCase()) + least : Number(text);
    if (from === undefined) return [];
    const every = from === '*' || from === '?';
    const first = every ? least : numberOf(from);
    const open = every || step !== undefined ? most : first;
    const last = to === undefined ? open : numberOf(to);
    const by = Number(step ?? 1);
    if (![first, last, by].every(Number.isInteger) || first < least || last > most || by < 1) return [];
    return Array.from({ length: Math.max(0, Math.floor((last - first) / by) + 1) }, (_, index) => first + index * by);
  });
  return parts.some((part) => part.length === 0) ? undefined : [...new Set(parts.flat())];
}

/** The fields of a cron expression that select days. */
export interface CronDays {
  readonly dayOfMonth: string;
  readonly month: string;
  readonly dayOfWeek: string;
  readonly year: string;
}

type IsDay = (date: Date) => boolean;

/**
 * Returns a test whether a cron expression selects a day (UTC); an unreadable part, such as a backwards range, selects
 * every day.
 */
export function cronDay({ dayOfMonth, month, dayOfWeek, year }: CronDays): IsDay {
  const inMonths = values(month, 1, 12, months);
  const inYears = values(year, 1970, 2199);
  const tests: IsDay[] = [
    (date) => inYears?.includes(date.getUTCFullYear()) ?? true,
    (date) => inMonths?.includes(date.getUTCMonth() + 1) ?? true,
    anyPart(dayOfMonth, dayOfMonthPart),
    anyPart(dayOfWeek, dayOfWeekPart),
  ];
  return (date) => tests.every((test) => test(date));
}

function anyPart(field: string, test: (part: string) => IsDay): IsDay {
  const tests = field.split(',').map(test);
  return (date) => tests.some((each) => each(date));
}

/** `L` is the last day of the month, `15W` the weekday nearest to the 15th in its month, `LW` the last weekday. */
function dayOfMonthPart(part: string): IsDay {
  const [, day] = /^(\d+|L)W$/.exec(part) ?? [];
  if (day !== undefined)
    return (date) => date.getUTCDate() === nearestWeekday(date, day === 'L' ? lastOf(date) : Number(day));
  if (part === 'L') return (date) => date.getUTCDate() === lastOf(date);
  const days = values(part, 1, 31);
  return (date) => days?.includes(date.getUTCDate()) ?? true;
}

/** `2#1` is the first Monday of the month, `6L` the last Friday, `L` the last day of the week. */
function dayOfWeekPart(part: string): IsDay {
  const [, weekday, nth] = /^([1-7])(?:#([1-5])|L)$/.exec(part) ?? [];
  if (weekday !== undefined) {
    const fits: IsDay = (date) =>
      nth === undefined ? date.getUTCDate() + 7 > lastOf(date) : Math.ceil(date.getUTCDate() / 7) === Number(nth);
    return (date) => date.getUTCDay() + 1 === Number(weekday) && fits(date);
  }
  const days = part === 'L' ? [7] : values(part, 1, 7, weekdays);
  return (date) => days?.includes(date.getUTCDay() + 1) ?? true;
}

const lastOf = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** The weekday nearest to a day of the date's month; undefined if the month has no such day. */
function nearestWeekday(date: Date, day: number): number | undefined {
  const last = lastOf(date);
  if (day > last) return undefined;
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}
