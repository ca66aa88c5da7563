import { expect, it } from 'vitest';
import { cronFlaw } from '../../../lib/lake/cron.ts';

it.each([
  'cron(15 0/6 * * ? *)',
  'cron(0 * * * ? *)',
  'cron(0/15 8-18 * * ? *)',
  'cron(0 0,8,10 * * ? *)',
  'cron(0 20 ? * MON-FRI *)',
  'cron(0 3 ? * sun *)',
  'cron(0 3 ? * 2#1 *)',
  'cron(0 3 ? * 6L *)',
  'cron(0 3 L * ? *)',
  'cron(0 3 L 2 ? *)',
  'cron(0 3 29 2 ? *)',
  'cron(0 3 30,1 FEB ? *)',
  'cron(0 3 31 2,3 ? *)',
  'cron(0 3 15W JAN,jul ? 2027-2030)',
])('%s is one', (expression) => expect(cronFlaw(expression)).toBeUndefined());

it.each([
  ['', 'six fields'],
  ['rate(1 day)', 'six fields'],
  ['cron(0 3 * * ?)', 'six fields'],
  ['cron(0 3 * * ? * *)', 'six fields'],
  ['cron(0  3 * * ? *)', 'six fields'],
  ['0 3 * * ? *', 'six fields'],
  ['cron(60 3 * * ? *)', '"60" is not a valid minutes'],
  ['cron(0 24 * * ? *)', '"24" is not a valid hours'],
  ['cron(0 3 0 * ? *)', '"0" is not a valid day of month'],
  ['cron(0 3 32W * ? *)', '"32W" is not a valid day of month'],
  ['cron(0 3 * 13 ? *)', '"13" is not a valid month'],
  ['cron(0 3 ? * 0 *)', '"0" is not a valid day of week'],
  ['cron(0 3 ? * MO *)', '"MO" is not a valid day of week'],
  ['cron(0 3 ? * 2#6 *)', '"2#6" is not a valid day of week'],
  ['cron(0 3 * * ? 1969)', '"1969" is not a valid year'],
  ['cron(0 0/0 * * ? *)', '"0/0" is not a valid hours'],
  ['cron(0 ? * * ? *)', '"?" is not a valid hours'],
  ['cron(, 3 * * ? *)', '"," is not a valid minutes'],
  ['cron(0 3 30 2 ? *)', 'none of its months has such a day'],
  ['cron(0 3 31 APR,6,9-9,NOV ? *)', 'none of its months has such a day'],
  ['cron(0 3 * * * *)', 'exactly one of day of month and day of week must be "?"'],
  ['cron(0 3 ? * ? *)', 'exactly one of day of month and day of week must be "?"'],
])('%s is none: %s', (expression, flaw) => expect(cronFlaw(expression)).toContain(flaw));
