import { describe, expect, it } from 'vitest';
import { reasonOf, span, statusReport, tally } from '../../bin/status/report.ts';

describe('a status', () => {
  it('is a table, and a sentence that says that nothing is wrong', () =>
    expect(statusReport([{ part: 'stitch', state: '2 s behind' }])).toBe(
      'part    state       wrong\n------  ----------  -----\nstitch  2 s behind\n\nNothing is wrong.',
    ));

  it('says the one thing that is wrong, or how many are', () => {
    const late = { part: 'stitch', state: '1 h behind', wrong: 'more than 10 min behind' };
    expect(statusReport([late, { part: 'publish', state: 'idle' }])).toMatch(
      /\n\nOne thing is wrong: stitch, more than 10 min behind\.$/,
    );
    expect(statusReport([late, late])).toMatch(/\n\n2 things are wrong\.$/);
  });
});

it.each([
  { milliseconds: 0, told: '0 s' },
  { milliseconds: 119_000, told: '119 s' },
  { milliseconds: 120_000, told: '2 min' },
  { milliseconds: 7_200_000, told: '2 h' },
  { milliseconds: 172_800_000, told: '2 days' },
])('$milliseconds ms are $told', ({ milliseconds, told }) => expect(span(milliseconds)).toBe(told));

it('counts reasons, most first, and the rest together', () => {
  expect(tally(['b', 'a', 'b', 'c'], 2)).toEqual([
    { kind: 'b', count: 2 },
    { kind: 'a', count: 1 },
    { kind: '1 other reasons', count: 1 },
  ]);
  expect(tally(['b', 'a'], 2)).toEqual([
    { kind: 'a', count: 1 },
    { kind: 'b', count: 1 },
  ]);
  expect(tally([], 2)).toEqual([]);
});

describe('the reason for which an event was put aside', () => {
  const line = (field: string, reason: string) =>
    JSON.stringify({ stage: 'collect', field, reason, event: '{"userId":"ann"}' });
  it.each([
    { given: line('userId', 'must be a text; got a list of 2'), told: 'collect: userId must be a text' },
    {
      given: line('properties.friends.ann@example.com.__proto__', 'is not allowed as a name'),
      told: 'collect: properties is not allowed as a name',
    },
    { given: line('traits[3].Ann Arbor', 'is nested too deep'), told: 'collect: traits is nested too deep' },
    { given: line('ann@example.com', 'is not allowed as a name'), told: 'collect: is not allowed as a name' },
    { given: line('+49 151 2345678.x', 'is not allowed as a name'), told: 'collect: is not allowed as a name' },
    { given: line('', 'must be a JSON object; got null'), told: 'collect: must be a JSON object' },
    { given: JSON.stringify({ stage: 'stitch', reason: 'not JSON; got 5 characters' }), told: 'stitch: not JSON' },
    { given: 'half a li', told: 'no JSON' },
    { given: '{}', told: 'unknown stage: unknown reason' },
  ])('$given is told as: $told', ({ given, told }) => expect(reasonOf(given)).toBe(told));
});
