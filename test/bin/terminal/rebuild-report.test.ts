import { expect, it } from 'vitest';
import { describeTables } from '../../../bin/terminal/rebuild-report.ts';

const census = { people: 8, accounts: 1, events: 40, merges: 2 };
const content = 'The table contains 8 people, 1 accounts, 40 counted events and 2 merges.';
const differing = { identifiers: 1, traits: 2, segments: 0, eventCount: 0 };

it.each([
  { name: 'its content alone', log: { unmerges: 0, unreadable: 0 }, lines: [content] },
  {
    name: 'what a comparison found',
    comparison: { same: 6, differing, onlyThere: 3, onlyHere: 1 },
    log: { unmerges: 0, unreadable: 0 },
    lines: [
      content,
      '6 profiles are equal in both tables.',
      'Other profiles differ: identifiers in 1, traits in 2.',
      '3 profiles are only in Live, 1 only in the rebuilt table.',
    ],
  },
  {
    name: 'what a rebuild cannot know',
    unreadable: 4,
    log: { unmerges: 5, unreadable: 7 },
    lines: [
      content,
      '4 profiles cannot be read. The numbers above do not include these profiles.',
      '7 lines of the identity log cannot be read. Their profiles have new ids.',
      expect.stringMatching(/^The rebuilt table does not contain 5 unmerges .* npm run unmerge/),
    ],
  },
])('a rebuilt table is described by $name', ({ comparison, unreadable = 0, log, lines }) =>
  expect(describeTables({ census, comparison, unreadable }, 'Live', log)).toEqual(lines),
);
