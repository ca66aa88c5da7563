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
  ['cron(60 3 * * ? *)', '"60" is nothing for its minutes'],
  ['cron(0 24 * * ? *)', '"24" is nothing for its hours'],
  ['cron(0 3 0 * ? *)', '"0" is nothing for its day of month'],
  ['cron(0 3 32W * ? *)', '"32W" is nothing for its day of month'],
  ['cron(0 3 * 13 ? *)', '"13" is nothing for its month'],
  ['cron(0 3 ? * 0 *)', '"0" is nothing for its day of week'],
  ['cron(0 3 ? * MO *)', '"MO" is nothing for its day of week'],
  ['cron(0 3 ? * 2#6 *)', '"2#6" is nothing for its day of week'],
  ['cron(0 3 * * ? 1969)', '"1969" is nothing for its year'],
  ['cron(0 0/0 * * ? *)', '"0/0" is nothing for its hours'],
  ['cron(0 ? * * ? *)', '"?" is nothing for its hours'],
  ['cron(, 3 * * ? *)', '"," is nothing for its minutes'],
  ['cron(0 3 30 2 ? *)', 'no month that it names has such a day'],
  ['cron(0 3 31 APR,6,9-9,NOV ? *)', 'no month that it names has such a day'],
  ['cron(0 3 * * * *)', 'either its day of month or its day of week is "?", and not both'],
  ['cron(0 3 ? * ? *)', 'either its day of month or its day of week is "?", and not both'],
])('%s is none: %s', (expression, flaw) => expect(cronFlaw(expression)).toContain(flaw));
