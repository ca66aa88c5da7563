/** Names of months as cron expressions have them, from the first. */
export const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** Names of weekdays, from Sunday. */
export const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const nothingElse = /(?!)/;

const fields = [
  { name: 'minutes', least: 0, most: 59, names: [], more: nothingElse },
  { name: 'hours', least: 0, most: 23, names: [], more: nothingElse },
  { name: 'day of month', least: 1, most: 31, names: [], more: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', least: 1, most: 12, names: months, more: nothingElse },
  { name: 'day of week', least: 1, most: 7, names: weekdays, more: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', least: 1970, most: 2199, names: [], more: nothingElse },
];

/** What is wrong with a cron expression as AWS reads them, e.g. `cron(15 0/6 * * ? *)`; nothing where it is right. */
export function cronFlaw(expression: string): string | undefined {
  const [, inside] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const parts = inside?.split(' ') ?? [];
  if (parts.length !== fields.length) return 'it has not six fields in cron(…), parted by one space each';
  const wrong = fields.findIndex((field, index) => !isOf(field, parts[index] ?? ''));
  if (wrong >= 0) return `"${parts[wrong]}" is nothing for its ${fields[wrong]?.name}`;
  if ((parts[2] === '?') === (parts[4] === '?')) return 'either its day of month or its day of week is "?", and not both';
  return comes(parts) ? undefined : 'no month that it names has such a day, so it never comes';
}

const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is a day for it; nothing is known of `L`, `W`, and ranges that go backwards. */
function comes([, , dayOfMonth = '', month = '']: readonly string[]): boolean {
  const [days, monthsOf] = [values(dayOfMonth, 1, 31), values(month, 1, 12, months)];
  return days === undefined || monthsOf === undefined || monthsOf.some((of) => Math.min(...days) <= (daysOfMonths[of - 1] ?? 31));
}

/** Whether Glue refuses how often it comes: https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html */
export function isTooOftenForGlue(expression: string): boolean {
  const [minutes = '', hours = ''] = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  const [inHour, inDay] = [values(minutes, 0, 59) ?? [], values(hours, 0, 23) ?? []];
  const times = inDay.flatMap((hour) => inHour.map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  // The last of a day and the first of the next are neighbours, too.
  return times.some((time, index) => index > 0 && time - (times[index - 1] ?? 0) < 5) || (times[0] ?? 0) + 24 * 60 - (times.at(-1) ?? 0) < 5;
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

/** The values that a field names: `*`, `?`, `5`, `MON-FRI`, `0/6`, and lists of these; undefined where it says anything else. */
export function values(field: string, least: number, most: number, names: readonly string[] = []): readonly number[] | undefined {
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
