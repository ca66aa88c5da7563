import { describe, expect, it } from 'vitest';
import { awaitedIn, wordsOnAccounts, wordsOnAwaited } from '../../../bin/jobs/compare-expected.ts';

const taken = new Date('2026-05-01T06:00:00.000Z');
const summary = (of: object, takenAt = taken.toISOString()): string =>
  JSON.stringify({ job: 'profiles', rows_changed: 3, comparison: { taken_at: takenAt, in_table: 9, ...of } });

describe('what waits for its history', () => {
  it('is read from what the job printed about this very export', () => {
    const other = summary({ awaited: { never: 7 } }, '2026-05-01T05:00:00.000Z');
    const lines = ['WARN something', other, summary({ awaited: { never: 1200, quiet: 4 } }), '{"job":"marts"}', ''];
    expect(awaitedIn(lines, taken)).toEqual(
      new Map([
        ['never', 1200],
        ['quiet', 4],
      ]),
    );
  });

  it('is nothing where the job says nothing of it, and unknown where it compared another export or printed nothing', () => {
    expect(awaitedIn([summary({})], taken)).toEqual(new Map());
    expect(awaitedIn([summary({}, '2026-05-01T05:00:00.000Z')], taken)).toBeUndefined();
    expect(awaitedIn(['{"job":"profiles","rows_changed":0,"comparison":null}'], taken)).toBeUndefined();
    expect(awaitedIn([], taken)).toBeUndefined();
  });

  it('is told by number and segment, with what ends it; nothing is said of nothing', () => {
    const [words, ...more] = wordsOnAwaited(
      new Map([
        ['never', 1200],
        ['quiet', 4],
      ]),
    );
    expect(words).toMatch(/^1,204 more memberships differ as expected/);
    expect(words).toContain('never 1,200, quiet 4');
    expect(words).toContain('npm run segment -- apply');
    expect(more).toEqual([]);
    expect(wordsOnAwaited(new Map([['never', 1]]))[0]).toMatch(/^1 more membership differs as expected/);
    expect(wordsOnAwaited(new Map())).toEqual([]);
    expect(wordsOnAwaited(undefined)[0]).toContain('does not say how many');
  });
});

it('says of accounts that begin earlier in the lake how many differences that may explain', () => {
  expect(wordsOnAccounts(0)).toEqual([]);
  expect(wordsOnAccounts(1)[0]).toMatch(/^1 of the differences is of accounts/);
  expect(wordsOnAccounts(1500)[0]).toMatch(/^1,500 of the differences are of accounts/);
});
