import { expect, it } from 'vitest';
import { confirmFrom, costText, effectReport, isLarge } from '../../../bin/segments/decision.ts';
import { whole } from '../../../bin/segments/sample.ts';
import type { DecisionAccount, SegmentEffect } from '../../../lambdas/operations/decision-account.ts';

const effect = (of: Partial<SegmentEffect>): SegmentEffect => ({
  members: 0,
  entered: 0,
  exited: 0,
  examples: [],
  ...of,
});
const account = (people: number, segments: Record<string, Partial<SegmentEffect>>): DecisionAccount => ({
  ...{ people, accounts: 0, outdated: people, written: 0, failed: 0, stopped: false, waiting: new Map() },
  segments: new Map(Object.entries(segments).map(([key, of]) => [key, effect(of)])),
});

it.each<[string, DecisionAccount, boolean]>([
  ['nobody', account(1_000, { a: {} }), false],
  ['a fifth', account(1_000, { a: { entered: 200 } }), false],
  ['more than a fifth', account(1_000, { a: { entered: 5 }, b: { entered: 201 } }), true],
  ['more than a fifth of very few', account(10, { a: { entered: 9 } }), false],
  ['ten thousand of a million', account(1_000_000, { a: { entered: confirmFrom.entries } }), false],
  ['one more', account(1_000_000, { a: { entered: confirmFrom.entries + 1 } }), true],
  ['many who exit', account(1_000, { a: { exited: 900 } }), false],
])('entries are to be confirmed: %s', (_name, of, expected) => expect(isLarge(of)).toBe(expected));

it('tells what is written and sent before it is', () => {
  const told = account(2_000_000, { vips: { entered: 100, exited: 20 }, others: { entered: 7 } });
  expect(costText(told, whole, new Map([['vips', 2]]))).toBe(
    'It writes 2000000 profiles (about $2.50 in us-east-1, at 2 KB each) and sends 240 messages to destinations.',
  );
  expect(costText(told, { share: 0.5, uneven: 0 }, new Map())).toContain('It writes 4000000 profiles');
});

it('shows the effect on each segment, and some who enter', () => {
  const told = account(200, { vips: { members: 50, entered: 3, exited: 1, examples: ['per_1'] }, others: {} });
  expect(effectReport(told, whole, 'vips').split('\n')).toEqual([
    '200 people, 200 of them decided by other definitions.',
    '',
    'segment  members  of all  enter  exit',
    '-------  -------  ------  -----  ----',
    'vips          50  25.0 %      3     1',
    '',
    'Some who enter:',
    '  per_1',
  ]);
  expect(effectReport({ ...told, failed: 2 }, { share: 0.25, uneven: 0 })).toMatch(
    /^800 \(\d+ to \d+\) people.*\nJudged by 25 % of the table, with 95 % confidence\.\n2 profiles cannot be read/,
  );
});
