import { describe, expect, it } from 'vitest';
import type { Known } from '../../../../lambdas/core/segments/evaluation/known.ts';
import { type Reason, reasonFor } from '../../../../lambdas/core/segments/explanation/reason.ts';
import { last, list, mostFrequent, sum } from '../../../../lambdas/core/segments/language/compute.ts';
import type { SegmentDefinition, Zone } from '../../../../lambdas/core/segments/language/definitions.ts';
import { did, didLast, didNot } from '../../../../lambdas/core/segments/language/events.ts';
import {
  account,
  all,
  any,
  consent,
  identifier,
  inList,
  inSegment,
  knownFor,
  not,
  sample,
  trait,
} from '../../../../lambdas/core/segments/language/people.ts';
import { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { programOf } from '../../../../lambdas/core/segments/program/compile.ts';
import { sharedCases } from '../../../fixtures/shared-rules.ts';
import { day, hour, knownBy, minute, type Row, start } from '../evaluation/ask.ts';

const iso = (at: number): string => new Date(start + at).toISOString();
const others: readonly SegmentDefinition[] = [
  { key: 'today', name: 'Today', zone: 'Europe/Berlin', where: did('A').today() },
];
const traits = [
  { key: 'spent', compute: sum('A', 'x').within('1h') },
  { key: 'spent_today', zone: 'Europe/Berlin', compute: sum('A', 'x').today() },
];

function explain(rule: Rule, rows: readonly Row[] = [], at = 0, facts: Partial<Known> = {}, zone?: Zone): Reason {
  const definitions = { segments: [{ key: 's', name: 'S', zone, where: Rule.parse(rule) }, ...others], traits };
  return reasonFor(definitions, 's', knownBy(programOf(definitions), rows, facts), start + at);
}

/** A reason with all that is not told of empty. */
const reason = (rule: string, isTrue: boolean, more: Partial<Reason> = {}): Reason => ({
  ...{ rule, isTrue, flipsAt: null, values: [], events: [], parts: [] },
  ...more,
});
const event = (at: number, mark: string | null, more: object = {}) => ({ event: 'A', at: iso(at), mark, ...more });
const value = (what: string, said: unknown) => ({ values: [{ what, value: said }] });
const ofAccount = (name: string, plan: string) => ({
  values: [
    { what: 'account', value: name },
    { what: 'trait plan', value: plan },
  ],
});

const purchases: readonly Row[] = [
  [0, 'A', { x: 7.5, colour: 'red' }],
  [minute, 'A', { x: 2.5, colour: 'blue' }],
];
const ann: Partial<Known> = {
  traitOf: (name) => ({ city: 'Oslo', address: { country: 'NO' }, ends: '2026-04-01' })[name],
  consentOf: (category) => ({ ads: false, mail: true })[category],
  hasIdentifier: (type) => type === 'email',
};
const midnight = Date.parse('2026-03-28T23:00:00Z') - start;

const rows: readonly (readonly [name: string, told: Reason, expected: Reason])[] = [
  [
    'trait, also within another',
    explain(trait('address.country').equals('DE'), [], 0, ann),
    reason('trait "address.country" is "DE"', false, value('trait address.country', 'NO')),
  ],
  ['no trait', explain(trait('x').missing()), reason('trait "x" is missing', true, value('trait x', null))],
  [
    'date that comes',
    explain(trait('ends').inNext('7d'), [], 0, ann),
    reason('trait "ends" is a date in the next 7d', true, {
      ...value('trait ends', '2026-04-01'),
      flipsAt: '2026-04-01T00:00:00.000Z',
    }),
  ],
  [
    'date in a window',
    explain(trait('ends').olderThan('1d'), [], 0, ann),
    reason('trait "ends" is a date at least 1d ago', false, {
      ...value('trait ends', '2026-04-01'),
      flipsAt: '2026-04-02T00:00:00.000Z',
    }),
  ],
  [
    'count in a window, of which the latest are kept',
    explain(did('A').atLeast(2).within('1h'), purchases, minute),
    reason('did "A" at least 2 times within 1h', true, {
      ...value('times or more', 2),
      flipsAt: iso(hour),
      events: [event(minute, 'm1'), event(0, 'm0')],
    }),
  ],
  [
    'count with room for more',
    explain(didNot('A').within('1h'), [], minute),
    reason('did not do "A" within 1h', true, value('times', 0)),
  ],
  [
    'count of all time, of which the profile keeps no events',
    explain(did('A').atLeast(65), purchases, minute),
    reason('did "A" at least 65 times', false, value('times', 2)),
  ],
  [
    'last time',
    explain(didLast('A').olderThan('30d'), purchases, minute),
    reason('did "A" for the last time at least 30d ago', false, {
      ...value('times', 0),
      flipsAt: iso(30 * day + minute),
    }),
  ],
  [
    'sequence, of which only a time is kept',
    explain(did('A').thenDid('B').within('1h').within('1d'), [[0], [minute, 'B']], minute),
    reason('did "A" and then "B" within 1h within 1d', true, {
      events: [event(minute, null, { event: 'B' })],
      flipsAt: iso(day + minute),
    }),
  ],
  ['no sequence', explain(did('A').thenDid('B').within('1h'), [[0]]), reason('did "A" and then "B" within 1h', false)],
  [
    'absence',
    explain(did('A').thenNot('B').within('1h'), [[-minute, 'B'], [0]], minute),
    reason('did "A" and then not "B" within 1h', false, {
      events: [event(-minute, 'm0', { event: 'B' }), event(0, 'm1')],
      flipsAt: iso(hour),
    }),
  ],
  [
    'list',
    explain(inList('vips'), [[0, 'List Member Added', { list: 'vips' }]]),
    reason('is on the list "vips"', true, { events: [event(0, 'm0', { event: 'List Member Added' })] }),
  ],
  [
    'computed value, with what is kept of its events',
    explain(last('A', 'x').exists(), purchases, minute),
    reason('the last of x of "A" exists', true, {
      ...value('value', 2.5),
      events: [event(minute, 'm1', { value: 2.5 })],
    }),
  ],
  [
    'computed list',
    explain(list('A', 'colour').contains('red'), purchases, minute),
    reason('the list of colour of "A" contains "red"', true, value('value', ['blue', 'red'])),
  ],
  [
    'most frequent of nothing',
    explain(mostFrequent('A', 'colour').missing()),
    reason('the most frequent of colour of "A" is missing', true, value('value', null)),
  ],
  [
    'computed trait',
    explain(trait('spent').atLeast(10), purchases, minute),
    reason('trait "spent" is at least 10', true, {
      ...value('value', 10),
      events: [event(minute, 'm1', { value: 2.5 }), event(0, 'm0', { value: 7.5 })],
      flipsAt: iso(hour),
    }),
  ],
  [
    'computed trait, in its own zone',
    explain(trait('spent_today').exists(), purchases, midnight),
    reason('trait "spent_today" exists', true, value('value', 0)),
  ],
  [
    'computed trait that is asked in that zone while its day lasts',
    explain(trait('spent_today').atLeast(10), purchases, midnight - 1),
    reason('trait "spent_today" is at least 10', true, {
      ...value('value', 10),
      events: [event(minute, 'm1', { value: 2.5 }), event(0, 'm0', { value: 7.5 })],
      flipsAt: iso(midnight),
    }),
  ],
  ...(['granted', 'denied', 'unknown'] as const).map((is, n) => {
    const category = ['mail', 'ads', 'other'][n] ?? '';
    const told = explain(consent(category)[is](), [], 0, ann);
    return [is, told, reason(`consent to "${category}" is ${is}`, true, value('consent', is))] as const;
  }),
  [
    'identifier',
    explain(identifier('email').missing(), [], 0, ann),
    reason('has no identifier of the type "email"', false, value('has one', true)),
  ],
  [
    'known since',
    explain(knownFor('1h')),
    reason('has been known for 1h', false, { ...value('known since', iso(0)), flipsAt: iso(hour) }),
  ],
  [
    'draw',
    explain(sample('spring', 50)),
    reason('is drawn among 50 percent by "spring"', false, value('drawn at percent', expect.closeTo(63.07, 2))),
  ],
  [
    'account, each of them',
    explain(account(trait('plan').equals('pro')), [], 0, {
      accounts: [
        { name: 'acme', traitOf: () => 'pro' },
        { name: 'globex', traitOf: () => 'free' },
      ],
    }),
    reason('an account of the person: trait "plan" is "pro"', true, {
      parts: [
        reason('trait "plan" is "pro"', true, ofAccount('acme', 'pro')),
        reason('trait "plan" is "pro"', false, ofAccount('globex', 'free')),
      ],
    }),
  ],
  [
    'segment, in its own zone',
    explain(not(inSegment('today')), purchases.slice(0, 1), 0, {}, 'UTC'),
    reason('not', false, {
      flipsAt: iso(midnight),
      parts: [
        reason('is in the segment "today"', true, {
          flipsAt: iso(midnight),
          parts: [
            reason('did "A" in this day of the calendar', true, {
              ...value('times or more', 1),
              events: [event(0, 'm0')],
              flipsAt: iso(midnight),
            }),
          ],
        }),
      ],
    }),
  ],
  [
    'parts, of which each flips by itself',
    explain(all(knownFor('1h'), any(knownFor('2h'), sample('spring', 50)))),
    reason('all of', false, {
      flipsAt: iso(2 * hour),
      parts: [
        expect.objectContaining({ isTrue: false, flipsAt: iso(hour) }),
        expect.objectContaining({
          rule: 'any of',
          flipsAt: iso(2 * hour),
          parts: [expect.objectContaining({ flipsAt: iso(2 * hour) }), expect.objectContaining({ flipsAt: null })],
        }),
      ],
    }),
  ],
];

describe('the reason of', () => {
  it.each(rows)('a %s', (_name, told, expected) => expect(told).toEqual(expected));

  it('a person is as of their latest event where that is later than now', () =>
    expect(explain(did('A').within('1h'), [[hour]], 0)).toMatchObject({ isTrue: true, flipsAt: iso(2 * hour) }));
});

interface Asked {
  readonly rule: Rule;
  readonly zone?: Zone;
  readonly events: readonly Row[];
  readonly now: number;
}

it.each(sharedCases<Asked, { readonly holds: boolean; readonly flip?: number }>('segments/operators'))(
  'a reason answers as stream and lake do: $name',
  ({ input: { rule, zone, events, now }, expected: { holds, flip } }) =>
    expect(explain(rule, events, now, {}, zone)).toMatchObject({
      isTrue: holds,
      flipsAt: flip === undefined ? null : iso(flip),
    }),
);
