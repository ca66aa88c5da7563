import { describe, expect, it } from 'vitest';
import { cronFlaw } from '../../../lib/lake/cron.ts';
import { cronDay } from '../../../lib/lake/cron-days.ts';

const daysOf = (dayOfMonth: string, month: string, dayOfWeek: string, year: string): string[] => {
  const isDay = cronDay({ dayOfMonth, month, dayOfWeek, year });
  const days = Array.from({ length: 3 * 366 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)));
  return days.filter(isDay).map((date) => date.toISOString().slice(0, 10));
};

it.each([
  { fields: ['L', '*', '?', '2028'], first: ['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'] },
  { fields: ['LW', '*', '?', '2026'], first: ['2026-01-30', '2026-02-27', '2026-03-31', '2026-04-30', '2026-05-29'] },
  {
    fields: ['15W', '*', '?', '2026'],
    first: [
      '2026-01-15',
      '2026-02-16',
      '2026-03-16',
      '2026-04-15',
      '2026-05-15',
      '2026-06-15',
      '2026-07-15',
      '2026-08-14',
    ],
  },
  {
    fields: ['1W', '*', '?', '2026'],
    first: [
      '2026-01-01',
      '2026-02-02',
      '2026-03-02',
      '2026-04-01',
      '2026-05-01',
      '2026-06-01',
      '2026-07-01',
      '2026-08-03',
    ],
  },
  { fields: ['31W', '*', '?', '2026'], first: ['2026-01-30', '2026-03-31', '2026-05-29', '2026-07-31'] },
  { fields: ['?', '*', '2#1', '2026'], first: ['2026-01-05', '2026-02-02', '2026-03-02', '2026-04-06'] },
  { fields: ['?', '*', '7#5', '2026'], first: ['2026-01-31', '2026-05-30', '2026-08-29', '2026-10-31'] },
  { fields: ['?', '*', '6L', '2026'], first: ['2026-01-30', '2026-02-27', '2026-03-27', '2026-04-24'] },
  { fields: ['?', 'FEB', 'L', '2026'], first: ['2026-02-07', '2026-02-14', '2026-02-21', '2026-02-28'] },
  { fields: ['29', '2', '?', '*'], first: ['2028-02-29'] },
  { fields: ['1,L', '1', '?', '2027/1'], first: ['2027-01-01', '2027-01-31', '2028-01-01', '2028-01-31'] },
  { fields: ['?', '12', 'MON,SAT', '2026-2027'], first: ['2026-12-05', '2026-12-07', '2026-12-12'] },
] as const)('a schedule of the days $fields comes first on $first', ({ fields: [day, month, weekday, year], first }) =>
  expect(daysOf(day, month, weekday, year).slice(0, first.length)).toEqual(first),
);

describe('a schedule that comes no more, or never, is told so', () => {
  const now = new Date('2026-05-20T12:00:00Z');
  const over = 'its years are over, so it never runs';
  const never = 'none of its months has such a day, so it never runs';
  it.each([
    ['cron(0 3 * * ? 2025)', over],
    ['cron(0 3 * * ? 1970-2025)', over],
    ['cron(0 3 * * ? 1999/100,2020)', undefined],
    ['cron(0 3 * 1-4 ? 2026)', over],
    ['cron(0 3 19 5 ? 2026)', over],
    ['cron(0 3 20 5 ? 2026)', undefined],
    ['cron(0 3 * * ? 2026)', undefined],
    ['cron(0 3 * * ? 2020,2027)', undefined],
    ['cron(0 3 29 2 ? 2020-2027)', over],
    ['cron(0 3 29 2 ? 2029-2031)', never],
    ['cron(0 3 ? 5 L 2026)', undefined],
    ['cron(0 3 ? 1 2#1 2026)', over],
    ['cron(0 3 30W 2 ? *)', never],
    ['cron(0 3 31W 4,6,9,11 ? *)', never],
    ['cron(0 3 LW 2 ? *)', undefined],
    ['cron(0 3 ? 2 3#5 2027)', never],
    ['cron(0 3 ? 2 3#5 *)', undefined],
    ['cron(0 3 5-3 * ? 2027)', undefined],
  ])('%s: %s', (expression, flaw) => expect(cronFlaw(expression, now)).toBe(flaw));

  it.each(['cron(0 3 ? * 2#1,6#3 *)', 'cron(0 3 ? * MON,6#3 *)'])('%s names more than "#" may', (expression) =>
    expect(cronFlaw(expression, now)).toBe('a day of week with "#" must be the only one'),
  );
});
