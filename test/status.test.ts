import { describe, expect, it } from 'vitest';
import { span, statusReport, tally } from '../bin/status-report.ts';

describe('a status', () => {
  it('is a table, and a sentence that says that nothing is wrong', () =>
    expect(statusReport([{ part: 'stitch', state: '2 s behind' }])).toBe(
      'part    state       wrong\n------  ----------  -----\nstitch  2 s behind\n\nNothing is wrong.',
    ));

  it('says the one thing that is wrong, or how many are', () => {
    const late = { part: 'stitch', state: '1 h behind', wrong: 'more than 10 min behind' };
    expect(statusReport([late, { part: 'publish', state: 'idle' }])).toMatch(/\n\nOne thing is wrong: stitch, more than 10 min behind\.$/);
    expect(statusReport([late, late])).toMatch(/\n\n2 things are wrong\.$/);
  });
});

it.each([
  { milliseconds: 0, said: '0 s' },
  { milliseconds: 119_000, said: '119 s' },
  { milliseconds: 120_000, said: '2 min' },
  { milliseconds: 7_200_000, said: '2 h' },
  { milliseconds: 172_800_000, said: '2 days' },
])('$milliseconds ms are $said', ({ milliseconds, said }) => expect(span(milliseconds)).toBe(said));

it('counts reasons, most first, and the rest together', () => {
  expect(tally(['b', 'a', 'b', 'c'], 2)).toEqual([
    ['b', 2],
    ['a', 1],
    ['1 other reasons', 1],
  ]);
  expect(tally(['b', 'a'], 2)).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  expect(tally([], 2)).toEqual([]);
});
