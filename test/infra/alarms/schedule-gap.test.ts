import { expect, it } from 'vitest';
import { longestGap } from '../../../lib/alarms/schedule-gap.ts';

it.each([
  { schedule: 'cron(15 0/6 * * ? *)', hours: 6 },
  { schedule: 'cron(15 23 * * ? *)', hours: 24 },
  { schedule: 'cron(0 * * * ? *)', hours: 1 },
  { schedule: 'cron(0/15 * * * ? *)', hours: 0.25 },
  { schedule: 'cron(* * * * ? *)', hours: 1 / 60 },
  { schedule: 'cron(0 0,8,10 * * ? *)', hours: 14 },
  { schedule: 'cron(30 8-18 * * ? *)', hours: 14 },
  { schedule: 'cron(0 20 ? * MON-FRI *)', hours: 72 },
  { schedule: 'cron(0 20 ? * 2-6 *)', hours: 72 },
  { schedule: 'cron(0 3 ? * sun *)', hours: 168 },
  { schedule: 'cron(0 3 1 * ? *)', hours: 31 * 24 },
  { schedule: 'cron(0 3 1 JAN ? *)', hours: 366 * 24 },
  { schedule: 'cron(0 3,15 1 JAN ? *)', hours: 366 * 24 - 12 },
  { schedule: 'cron(0 3,15 29 FEB ? *)', hours: (4 * 365 + 1) * 24 - 12 },
  { schedule: 'cron(0 3 L * ? *)', hours: undefined },
  { schedule: 'cron(0 3 ? * 2#1 *)', hours: undefined },
  { schedule: 'cron(0 3 15W * ? *)', hours: undefined },
  { schedule: 'cron(0 3 * * ? 2030)', hours: undefined },
  { schedule: 'cron(0 25 * * ? *)', hours: undefined },
  { schedule: 'cron(0 5-3 * * ? *)', hours: undefined },
  { schedule: 'cron(0 0/0 * * ? *)', hours: undefined },
  { schedule: 'rate(6 hours)', hours: undefined },
])('$schedule starts at least every $hours hours', ({ schedule, hours }) =>
  expect(longestGap(schedule)?.toHours({ integral: false })).toBe(hours),
);
