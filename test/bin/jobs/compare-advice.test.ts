import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { adviceOn, type Told } from '../../../bin/jobs/compare-advice.ts';

const { columns } = JSON.parse(readFileSync('glue-scripts/cdp/tables/declared/profile_differences.json', 'utf8')) as {
  columns: { name: string; comment: string }[];
};
const kinds = columns.find(({ name }) => name === 'kind')?.comment.split(/, | or /) ?? [];
const told = (kind: string, repair: string, sent = repair !== 'none'): Told => ({ kind, repair, sent });

it.each(kinds)('says of %s, where nothing mends it, what to do', (kind) => {
  const [next, advice, ...more] = adviceOn([told(kind, 'none')], false);
  expect([next, more]).toEqual(['No repair exists for them.', []]);
  expect(advice).toMatch(new RegExp(`^${kind}, none: .*npm run (explain|replay) -- `));
});

it('knows every kind that there is', () => expect(kinds).toHaveLength(12));

it.each([
  {
    name: 'what was sent',
    of: [told('trait', 'correction')],
    report: false,
    says: 'Compare again after they were stitched',
  },
  {
    name: 'a report',
    of: [told('trait', 'correction', false), told('segment', 'correction', false)],
    report: true,
    says: 'npm run compare',
  },
  { name: 'what was held', of: [told('trait', 'correction', false)], report: false, says: 'most-corrections' },
  {
    name: 'people whom only the table has',
    of: [told('unknown_person', 'none'), told('trait', 'correction')],
    report: false,
    says: 'on the event stream',
  },
])('says first of $name what comes next', ({ of, report, says }) => expect(adviceOn(of, report)[0]).toContain(says));

it('says what to do about what stays, once', () => {
  const lines = adviceOn([told('trait', 'none'), told('segment', 'none'), told('trait', 'correction')], false);
  expect(lines.filter((line) => line.includes('at the next comparison'))).toHaveLength(1);
  expect(lines.map((line) => line.slice(0, line.indexOf(':'))).filter((line) => line.endsWith('none'))).toEqual([
    'trait, none',
    'segment, none',
  ]);
});
