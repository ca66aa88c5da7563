const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
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
  return undefined;
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
