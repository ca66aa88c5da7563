import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { Computation } from '../../../../lambdas/core/segments/language/computation.ts';
import {
  average,
  count,
  distinct,
  first,
  firstTime,
  last,
  lastTime,
  list,
  maximum,
  minimum,
  mostFrequent,
  sum,
} from '../../../../lambdas/core/segments/language/compute.ts';
import { ComputedTrait, SegmentDefinition } from '../../../../lambdas/core/segments/language/definitions.ts';
import {
  context,
  did,
  didFirst,
  didLast,
  didNot,
  page,
  property,
  stopped,
} from '../../../../lambdas/core/segments/language/events.ts';
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
import { fieldName } from '../../../../lambdas/core/values/field-name.ts';

const flawsOf = (schema: z.ZodType, value: unknown): string[] =>
  schema
    .safeParse(value, { reportInput: true })
    .error?.issues.map(({ path, message }) => `${fieldName(path)}: ${message}`) ?? [];

describe('a definition', () => {
  it('is written in builders and read as plain JSON', () => {
    const lapsed = {
      key: 'lapsed_vips',
      name: 'Bought often, not lately',
      zone: 'Europe/Berlin',
      where: all(
        did('Order Completed', property('revenue').atLeast(50)).atLeast(3).within('365d'),
        didNot('Order Completed').within('30d'),
        trait('address.country').anyOf('DE', 'AT'),
        not(inSegment('employees')),
      ),
    };
    const written = {
      ...lapsed,
      where: {
        all: [
          {
            event: 'Order Completed',
            where: [{ property: 'revenue', operator: 'atLeast', value: 50 }],
            count: { operator: 'atLeast', value: 3 },
            window: { within: '365d' },
          },
          { event: 'Order Completed', count: { operator: 'atMost', value: 0 }, window: { within: '30d' } },
          { trait: 'address.country', operator: 'anyOf', value: ['DE', 'AT'] },
          { not: { inSegment: 'employees' } },
        ],
      },
    };
    expect(JSON.parse(JSON.stringify(SegmentDefinition.parse(lapsed)))).toEqual(written);
    expect(SegmentDefinition.parse(written)).toEqual(written);
  });

  it.each<[string, Rule]>([
    ['a sequence', did('A').thenDid('B', property('x').exists()).within('1h').within('30d')],
    ['an absence', did('Product Added').thenNot('Order Completed').within('1h')],
    ['a first time', didFirst(page('Pricing')).ago('7d', '30d')],
    ['a stop', stopped('A', '30d')],
    ['a campaign', did('A', context('campaign.source').equals('ads')).lastWeeks(2)],
    ['dates', did('A').during('2026-01-01', '2026-02-01')],
    ['a sum', sum('A', 'revenue').within('90d').atLeast(100)],
    ['an average between numbers', average('A', 'revenue').between(1, 2)],
    ['a first value', first('A', 'category').equals('x')],
    ['a date that comes', trait('trial_ends').inNext('3d')],
    ['a birthday', trait('birthday').anniversary(0, 7)],
    [
      'what is else known',
      any(consent('marketing').granted(), identifier('email').exists(), knownFor('7d'), inList('invited')),
    ],
    ['an account', account(trait('plan').equals('pro'))],
    ['a draw', not(sample('spring', 10))],
    ['a trait as it was always written', { trait: 'plan', operator: 'equals', value: 'pro' }],
  ])('may have %s', (_name, rule) => {
    expect(flawsOf(Rule, rule)).toEqual([]);
    expect(Rule.parse(JSON.parse(JSON.stringify(rule)))).toEqual(JSON.parse(JSON.stringify(rule)));
  });

  it.each<[unknown, unknown]>([
    [did('A').atMost(2), { event: 'A', count: { operator: 'atMost', value: 2 } }],
    [did('A').exactly(2), { event: 'A', count: { operator: 'exactly', value: 2 } }],
    [did('A').olderThan('1h'), { event: 'A', window: { olderThan: '1h' } }],
    [did('A').ago('1h', '2h'), { event: 'A', window: { between: ['1h', '2h'] } }],
    [did('A').since('2026-01-01'), { event: 'A', window: { from: '2026-01-01' } }],
    [did('A').until('2026-01-01'), { event: 'A', window: { to: '2026-01-01' } }],
    [did('A').during('2026-01-01', '2026-02-01'), { event: 'A', window: { from: '2026-01-01', to: '2026-02-01' } }],
    [did('A').today(), { event: 'A', window: { calendar: 'day', last: 1 } }],
    [did('A').lastDays(3), { event: 'A', window: { calendar: 'day', last: 3 } }],
    [did('A').lastWeeks(1), { event: 'A', window: { calendar: 'week', last: 1 } }],
    [did('A').lastMonths(2), { event: 'A', window: { calendar: 'month', last: 2 } }],
    [didLast('A').within('1h'), { event: 'A', occurrence: 'last', window: { within: '1h' } }],
    [stopped('A', '1h'), { event: 'A', occurrence: 'last', window: { olderThan: '1h' } }],
    [
      did('A').thenDid('B').within('1h').within('2h'),
      { event: 'A', followedBy: { event: 'B' }, apart: '1h', window: { within: '2h' } },
    ],
    [did('A').thenNot('B').within('1h'), { event: 'A', notFollowedBy: { event: 'B' }, apart: '1h' }],
    [did(page('Pricing')), { event: { type: 'page', name: 'Pricing' } }],
    [count('A').between(1, 2), { compute: { kind: 'count', event: 'A' }, operator: 'between', from: 1, to: 2 }],
    [minimum('A', 'x'), { kind: 'minimum', event: 'A', property: 'x' }],
    [maximum('A', 'x'), { kind: 'maximum', event: 'A', property: 'x' }],
    [last('A', 'x'), { kind: 'last', event: 'A', property: 'x' }],
    [firstTime('A'), { kind: 'firstTime', event: 'A' }],
    [lastTime('A'), { kind: 'lastTime', event: 'A' }],
    [trait('ends').within('1h'), { trait: 'ends', operator: 'during', window: { within: '1h' } }],
    [trait('x').noneOf(1, 'a'), { trait: 'x', operator: 'noneOf', value: [1, 'a'] }],
    [trait('born').anniversary(), { trait: 'born', operator: 'anniversary', from: 0, to: 0 }],
    [consent('ads').denied(), { consent: 'ads', is: 'denied' }],
    [consent('ads').unknown(), { consent: 'ads', is: 'unknown' }],
    [identifier('phone').missing(), { identifier: 'phone', operator: 'missing' }],
  ])('has steps that write %j', (built, written) => expect(JSON.parse(JSON.stringify(built))).toEqual(written));

  it.each([sum('A', 'b').within('90d'), mostFrequent('A', 'b'), list('A', 'b').lastDays(30), distinct('A', 'b')])(
    'may compute %j',
    (compute) => expect(flawsOf(ComputedTrait, { key: 'x', compute })).toEqual([]),
  );
});

describe('what is wrong is told with its place, what is wanted and what there is', () => {
  it.each<[unknown, string]>([
    [{}, '^configuration: must be a condition, with one of "all", "any", .*; got none of them$'],
    ['x', '^configuration: must be a condition; got a text of 1 character$'],
    [{ all: [] }, '^all: must be a list of at least one condition; got a list of 0$'],
    [{ all: [{ not: 5 }] }, '^all\\[0\\].not: must be a condition; got 5$'],
    [
      { trait: 'a', operator: 'equal', value: 1 },
      '^operator: must be one of "equals", .*; got a text of 5 characters$',
    ],
    [{ trait: 'a', operator: 'atLeast', value: '1' }, '^value: must be a number; got a text of 1 character$'],
    [
      { trait: 'a', operator: 'exists', value: 1 },
      '^configuration: has the unknown field "value"; known here: "trait", "operator"$',
    ],
    [{ trait: 'a', operator: 'inNext', value: '3 days' }, '^value: must be a duration .*; got a text of 6 characters$'],
    [{ trait: 'a', operator: 'anniversary', from: 3, to: 1 }, '^to: must not be before "from"$'],
    [{ event: '' }, '^event: must be a text that is not empty; got an empty text$'],
    [
      { event: 'A', within: '1d' },
      '^configuration: has the unknown field "within"; known here: "event", "where", "count", "window"$',
    ],
    [{ event: 'A', window: { within: '30' } }, '^window.within: must be a duration .*; got a text of 2 characters$'],
    [{ event: 'A', window: { within: 30 } }, '^window.within: must be a duration .*; got 30$'],
    [
      { event: 'A', window: { between: ['90d', '30d'] } },
      '^window.between: must be the shorter duration and then the longer one$',
    ],
    [
      { event: 'A', window: { calendar: 'year', last: 1 } },
      '^window.calendar: must be "day", "week" or "month"; got a text of 4 characters$',
    ],
    [{ event: 'A', window: {} }, '^window: must be a window, with "within", .*; got none of them$'],
    [
      { event: 'A', window: { from: '2026-02-30' } },
      '^window.from: must be a date such as .*; got a text of 10 characters$',
    ],
    [{ event: 'A', window: { from: '2026-02-03', to: '2026-02-03' } }, '^window.to: must be later than "from"$'],
    [{ event: 'A', count: { operator: 'atLeast', value: 0 } }, '^count.value: must be 1 or more: .*; got 0$'],
    [{ event: 'A', count: { operator: 'exactly', value: 1.5 } }, '^count.value: must be a whole number; got 1.5$'],
    [
      { event: 'A', where: [{ property: 'x', operator: 'atLeast', value: null }] },
      '^where\\[0\\].value: must be a number; got null$',
    ],
    [{ event: 'A', where: [{ operator: 'exists' }] }, '^where\\[0\\]: must have "property" or "context"; got neither$'],
    [{ event: 'A', notFollowedBy: { event: 'B' } }, '^apart: must be a duration .*; got nothing$'],
    [
      { ...did('A').atLeast(2), followedBy: { event: 'B' }, apart: '1h' },
      '^configuration: has the unknown field "count"; known here: .*$',
    ],
    [
      { compute: { kind: 'sum', event: 'A' }, operator: 'atLeast', value: 1 },
      '^compute.property: must be the name of a property; got nothing$',
    ],
    [
      { compute: { kind: 'mean', event: 'A' }, operator: 'atLeast', value: 1 },
      '^compute.kind: must be one of .*; got a text of 4 characters$',
    ],
    [{ consent: 'a', is: 'yes' }, '^is: must be "granted", "denied" or "unknown"; got a text of 3 characters$'],
    [{ sample: 'a', percent: 100 }, '^percent: must be below 100; got 100$'],
  ])('%j', (rule, told) => {
    const flaws = flawsOf(Rule, rule);
    expect(flaws).toEqual([expect.stringMatching(new RegExp(told))]);
  });

  it('of a computation whose window asks for what is not kept', () =>
    expect(flawsOf(Computation, distinct('A', 'b').ago('1d', '2d'))).toEqual([
      'window: must not have ages: only the latest time of each value is known',
    ]));

  it.each(['Mars/Base', '+02:00', '', 7])('of the zone %j', (zone) =>
    expect(flawsOf(SegmentDefinition, { key: 'a', name: 'A', where: trait('a').exists(), zone })).toEqual([
      expect.stringMatching(/^zone: must be a time zone by its name, or a trait and a default; got /),
    ]),
  );
});
