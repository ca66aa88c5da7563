import { describe, expect, it } from 'vitest';
import {
  average,
  count,
  distinct,
  first,
  last,
  maximum,
  minimum,
  mostFrequent,
  sum,
} from '../../../../lambdas/core/segments/language/compute.ts';
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
import { inList } from '../../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { ask, day, hour, minute, type Row } from './ask.ts';

type Case = readonly [name: string, rule: Rule, rows: readonly Row[], at: number, holds: boolean, flip?: number];
const [H, one] = [hour, [[0]] as Row[]];

const tables: Record<string, Case[]> = {
  'did, in a window': [
    ['no events', did('A').within('1h'), [], 0, false],
    ['at once', did('A').within('1h'), one, 0, true, H],
    ['a millisecond less than the window later', did('A').within('1h'), one, H - 1, true, H],
    ['the window later', did('A').within('1h'), one, H, false],
    ['a millisecond more', did('A').within('1h'), one, H + 1, false],
    ['before it happened, which is then', did('A').within('1h'), [[5]], 0, true, H + 5],
    ['again in between', did('A').within('1h'), [[0], [minute]], H, true, H + minute],
    ['another event', did('A').within('1h'), [[0, 'B']], 0, false],
    ['ever', did('A'), one, 1000 * day, true],
  ],
  'did, so often': [
    ['once less', did('A').atLeast(2).within('1h'), one, 0, false],
    ['as often', did('A').atLeast(2).within('1h'), [[0], [5]], 5, true, H],
    ['once more: the second latest counts', did('A').atLeast(2).within('1h'), [[0], [5], [9]], 9, true, H + 5],
    ['at equal times', did('A').atLeast(2).within('1h'), [[3], [3]], 3, true, H + 3],
    ['at most, with one more', did('A').atMost(1).within('1h'), [[0], [5]], 5, false, H],
    ['at most, with as many', did('A').atMost(1).within('1h'), one, 5, true],
    ['exactly, with one more', did('A').exactly(2).within('1h'), [[0], [5], [9]], 9, false, H],
    ['exactly, until one leaves', did('A').exactly(2).within('1h'), [[0], [5], [9]], H, true, H + 5],
    ['exactly none', did('A').exactly(0).within('1h'), one, 1, false, H],
    ['more often than is kept', did('A').atLeast(100), Array.from({ length: 100 }, (_, n): Row => [n]), 100, true],
    ['once less than that', did('A').atLeast(100), Array.from({ length: 99 }, (_, n): Row => [n]), 100, false],
  ],
  'did not': [
    ['no events', didNot('A').within('1h'), [], 0, true],
    ['until the window runs out', didNot('A').within('1h'), one, H - 1, false, H],
    ['from then on', didNot('A').within('1h'), one, H, true],
    ['ever', didNot('A'), one, 1000 * day, false],
  ],
  'did, between two ages': [
    ['too young', did('A').ago('1h', '2h'), one, H - 1, false, H],
    ['old enough', did('A').ago('1h', '2h'), one, H, true, 2 * H],
    ['a millisecond before it is too old', did('A').ago('1h', '2h'), one, 2 * H - 1, true, 2 * H],
    ['too old', did('A').ago('1h', '2h'), one, 2 * H, false],
    ['older than', did('A').atLeast(2).olderThan('1h'), [[0], [5]], H, false, H + 5],
  ],
  'did, at fixed dates': [
    ['at the first instant', did('A').during('2026-03-28T12:00:00Z', '2026-03-28T13:00:00Z'), one, 9 * day, true],
    ['at the last but one', did('A').during('2026-03-28T12:00:00Z', '2026-03-28T13:00:00Z'), [[H - 1]], 9 * day, true],
    ['at the end', did('A').during('2026-03-28T12:00:00Z', '2026-03-28T13:00:00Z'), [[H]], 9 * day, false],
    ['before', did('A').since('2026-03-28T12:00:00Z'), [[-1]], 9 * day, false],
    ['until, before it', did('A').until('2026-03-28T12:00:00Z'), [[-1]], 9 * day, true],
    ['did not', didNot('A').since('2026-03-28T12:00:00Z'), [[-1]], 9 * day, true],
  ],
  'the first and the last time': [
    ['the first, in the window', didFirst('A').within('1h'), [[0], [5]], H - 1, true, H],
    ['the first, before it', didFirst('A').within('1h'), [[0], [5]], H, false],
    ['the last, in the window', didLast('A').within('1h'), [[0], [5]], H, true, H + 5],
    [
      'the last, at fixed dates',
      didLast('A').during('2026-03-28T12:00:00Z', '2026-03-28T13:00:00Z'),
      [[0], [H]],
      H,
      false,
    ],
    ['stopped: not yet', stopped('A', '1h'), one, H - 1, false, H],
    ['stopped', stopped('A', '1h'), one, H, true],
    ['stopped, never begun', stopped('A', '1h'), [], H, false],
  ],
  'A and then B': [
    ['in time', did('A').thenDid('B').within('1h'), [[0], [H - 1, 'B']], 2 * H, true],
    ['at the end of it', did('A').thenDid('B').within('1h'), [[0], [H, 'B']], 2 * H, false],
    ['at the same time', did('A').thenDid('B').within('1h'), [[0], [0, 'B']], 2 * H, false],
    ['the other way round', did('A').thenDid('B').within('1h'), [[5], [0, 'B']], 2 * H, false],
    ['arriving the other way round', did('A').thenDid('B').within('1h'), [[5, 'B'], [0]], 2 * H, true],
    ['of one event twice', did('A').thenDid('A').within('1h'), [[0], [5]], 2 * H, true],
    ['of one event once', did('A').thenDid('A').within('1h'), one, 2 * H, false],
    ['lately', did('A').thenDid('B').within('1h').within('2h'), [[0], [5, 'B']], 2 * H, true, 2 * H + 5],
  ],
  'A and then not B': [
    ['too early', did('A').thenNot('B').within('1h'), one, H - 1, false, H],
    ['on time', did('A').thenNot('B').within('1h'), one, H, true],
    ['B in time', did('A').thenNot('B').within('1h'), [[0], [5, 'B']], H, false],
    ['B late, which ends it', did('A').thenNot('B').within('1h'), [[0], [H + 5, 'B']], 2 * H, false],
    ['B at the same time', did('A').thenNot('B').within('1h'), [[0], [0, 'B']], H, false],
    ['B before', did('A').thenNot('B').within('1h'), [[5], [0, 'B']], H + 5, true],
    ['A again, which begins it again', did('A').thenNot('B').within('1h'), [[0], [9]], H, false, H + 9],
    ['no A', did('A').thenNot('B').within('1h'), [[0, 'B']], H, false],
  ],
  'lists that were uploaded': [
    ['of another list', inList('vips'), [[0, 'List Member Added', { list: 'others' }]], 0, false],
    ['on it', inList('vips'), [[0, 'List Member Added', { list: 'vips' }]], 0, true],
    [
      'taken off',
      inList('vips'),
      [
        [0, 'List Member Added', { list: 'vips' }],
        [1, 'List Member Removed', { list: 'vips' }],
      ],
      1,
      false,
    ],
    [
      'put on again',
      inList('vips'),
      [
        [2, 'List Member Added', { list: 'vips' }],
        [1, 'List Member Removed', { list: 'vips' }],
      ],
      2,
      true,
    ],
  ],
  'filters of properties': [
    ...(
      [
        ['missing', undefined],
        ['null', null],
        ['a text', 'x'],
        ['blank', ' '],
        ['an empty list', []],
        ['an object', {}],
        ['true', true],
      ] as const
    ).map(
      ([name, x]): Case => [`${name} is no number`, did('A', property('x').atLeast(1)), [[0, 'A', { x }]], 0, false],
    ),
    ...(
      [
        ['a number', 1],
        ['a text', '1'],
        ['an item of a list', [0, '1']],
      ] as const
    ).map(([name, x]): Case => [`${name} is one`, did('A', property('x').atLeast(1)), [[0, 'A', { x }]], 0, true]),
    [
      'in the items of a list',
      did('A', property('products.sku').equals('b')),
      [[0, 'A', { products: [{ sku: 'a' }, { sku: 'b' }] }]],
      0,
      true,
    ],
    ['by a name with dots', did('A', property('a.b').equals(1)), [[0, 'A', { 'a.b': 1 }]], 0, true],
    ['of what all objects inherit', did('A', property('constructor').exists()), [[0]], 0, false],
    [
      'of the context',
      did('A', context('campaign.source').equals('ads')),
      [[0, 'A', {}, { context: { campaign: { source: 'ads' } } }]],
      0,
      true,
    ],
    ['by date', did('A', property('x').before('2026-03-01')), [[0, 'A', { x: '2026-02-28T23:59:59Z' }]], 0, true],
    ['all of them', did('A', property('x').equals(1), property('y').equals(1)), [[0, 'A', { x: 1 }]], 0, false],
    ['a page by name', did(page('Pricing')), [[0, '', {}, { type: 'page', name: 'Pricing' }]], 0, true],
    ['another page', did(page('Pricing')), [[0, '', {}, { type: 'page', name: 'Home' }]], 0, false],
    ['any page', did(page()), [[0, '', {}, { type: 'page', name: 'Home' }]], 0, true],
  ],
  'what is computed': [
    ['a sum of nothing is 0', sum('A', 'x').within('1h').atMost(0), [], 0, true],
    ['an average of nothing is none', average('A', 'x').within('1h').atMost(0), [], 0, false],
    ['the smallest of nothing is missing', minimum('A', 'x').missing(), [], 0, true],
    [
      'a sum to the cent',
      sum('A', 'x').within('1h').equals(0.3),
      [
        [0, 'A', { x: 0.1 }],
        [1, 'A', { x: '0.2' }],
      ],
      1,
      true,
      H,
    ],
    [
      'a sum without what is no number',
      sum('A', 'x').equals(1),
      [[0, 'A', { x: 1 }], [1, 'A', { x: 'one' }], [2]],
      2,
      true,
    ],
    [
      'an average, until the first leaves',
      average('A', 'x').within('1h').equals(2),
      [
        [0, 'A', { x: 1 }],
        [5, 'A', { x: 3 }],
      ],
      5,
      true,
      H,
    ],
    [
      'a largest',
      maximum('A', 'x').within('1h').atLeast(5),
      [
        [0, 'A', { x: 5 }],
        [5, 'A', { x: 3 }],
      ],
      5,
      true,
      H,
    ],
    ['a count', count('A').within('1h').between(2, 3), [[0], [5]], 5, true, H],
    [
      'distinct, of a number and a text',
      distinct('A', 'x').equals(2),
      [
        [0, 'A', { x: 1 }],
        [1, 'A', { x: '1' }],
        [2, 'A', { x: 1 }],
      ],
      2,
      true,
    ],
    [
      'the first',
      first('A', 'x').equals('a'),
      [
        [5, 'A', { x: 'b' }],
        [0, 'A', { x: 'a' }],
      ],
      5,
      true,
    ],
    [
      'the first in a window',
      first('A', 'x').within('1h').equals('b'),
      [
        [5, 'A', { x: 'b' }],
        [0, 'A', { x: 'a' }],
      ],
      5,
      false,
      H,
    ],
    [
      'the last',
      last('A', 'x').equals('b'),
      [
        [5, 'A', { x: 'b' }],
        [0, 'A', { x: 'a' }],
        [6, 'A', { x: '' }],
      ],
      6,
      true,
    ],
    [
      'the most frequent, of equals the first by name',
      mostFrequent('A', 'x').equals('a'),
      [
        [0, 'A', { x: 'b' }],
        [1, 'A', { x: 'a' }],
      ],
      1,
      true,
    ],
    [
      'the most frequent in a window',
      mostFrequent('A', 'x').within('1h').equals('b'),
      [
        [0, 'A', { x: 'a' }],
        [1, 'A', { x: 'a' }],
        [2, 'A', { x: ['b', 'b'] }],
      ],
      2,
      false,
      H,
    ],
  ],
};

describe.each(Object.entries(tables))('%s', (_operator, cases) => {
  it.each(cases.map(([name, rule, rows, at, truth, flip]) => ({ name, rule, rows, at, truth, flip })))(
    '$name',
    ({ rule, rows, at, truth, flip }) => expect(ask(rule, rows, at)).toEqual([truth, flip]),
  );
});
