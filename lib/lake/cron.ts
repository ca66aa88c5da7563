import { cronDay, months, values, weekdays } from './cron-days.ts';

const msOfDay = 86_400_000;
const endOfYears = Date.UTC(2200, 0, 1);
const nothingElse = /(?!)/;

const fields = [
  { name: 'minutes', least: 0, most: 59, names: [], more: nothingElse },
  { name: 'hours', least: 0, most: 23, names: [], more: nothingElse },
  { name: 'day of month', least: 1, most: 31, names: [], more: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', least: 1, most: 12, names: months, more: nothingElse },
  { name: 'day of week', least: 1, most: 7, names: weekdays, more: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', least: 1970, most: 2199, names: [], more: nothingElse },
];

/** What is wrong with a cron expression by AWS's rules, e.g. `cron(15 0/6 * * ? *)`; undefined if it is valid. */
export function cronFlaw(expression: string, now = new Date()): string | undefined {
  const [, inside] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const parts = inside?.split(' ') ?? [];
  if (parts.length !== fields.length) return 'it must have six fields in cron(…), separated by one space each';
  const wrong = fields.findIndex((field, index) => !isOf(field, parts[index] ?? ''));
  if (wrong >= 0) return `"${parts[wrong]}" is not a valid ${fields[wrong]?.name}`;
  if ((parts[2] === '?') === (parts[4] === '?')) return 'exactly one of day of month and day of week must be "?"';
  if (parts[4]?.includes('#') && parts[4].includes(',')) return 'a day of week with "#" must be the only one';
  if (comes(parts, new Date(Date.UTC(1970, 0, 1))))
    return comes(parts, now) ? undefined : 'its years are over, so it never runs';
  return 'none of its months has such a day, so it never runs';
}

/** Whether the expression selects a day on or after the given one, within the years that a cron expression may name. */
function comes([, , dayOfMonth = '', month = '', dayOfWeek = '', year = '']: readonly string[], from: Date): boolean {
  const isDay = cronDay({ dayOfMonth, month, dayOfWeek, year });
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate());
  for (let day = first; day < endOfYears; day += msOfDay) if (isDay(new Date(day))) return true;
  return false;
}

/**
 * Whether Glue refuses the expression because it runs too often:
 * https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
 */
export function isTooOftenForGlue(expression: string): boolean {
  const [minutes = '', hours = ''] = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  const inHour = values(minutes, 0, 59) ?? [];
  const inDay = values(hours, 0, 23) ?? [];
  const times = inDay.flatMap((hour) => inHour.map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  // The last start of a day and the first of the next day are neighbours, too.
  return (
    times.some((time, index) => index > 0 && time - (times[index - 1] ?? 0) < 5) ||
    (times[0] ?? 0) + 24 * 60 - (times.at(-1) ?? 0) < 5
  );
}

const isOf = ({ least, most, names, more }: (typeof fields)[number], text: string): boolean =>
  text.split(',').every((part) => {
    if (more.test(part)) return true;
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const isValue = (value: string): boolean =>
      names.includes(value.toUpperCase()) || (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most);
    if (from === undefined || (from !== '*' && !isValue(from))) return false;
    return (to === undefined || (from !== '*' && isValue(to))) && (step === undefined || Number(step) > 0);
  });
