import { describe, expect, it } from 'vitest';
import { lastTime, mostFrequent, sum } from '../../../../lambdas/core/segments/language/compute.ts';
import type { ComputedTrait, SegmentDefinition } from '../../../../lambdas/core/segments/language/definitions.ts';
import { did, didNot, page, property } from '../../../../lambdas/core/segments/language/events.ts';
import {
  account,
  all,
  any,
  inList,
  inSegment,
  knownFor,
  not,
  sample,
  trait,
} from '../../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { specOf } from '../../../../lambdas/core/segments/program/aggregate-spec.ts';
import { compile, segmentsReading } from '../../../../lambdas/core/segments/program/compile.ts';
import { reading } from '../../../../lambdas/core/segments/program/compiler.ts';

const segment = (key: string, where: Rule, zone?: SegmentDefinition['zone']): SegmentDefinition => ({
  key,
  name: key,
  where,
  ...(zone && { zone }),
});
const compiled = (segments: readonly SegmentDefinition[], traits: readonly ComputedTrait[] = []) =>
  compile({ segments, traits });
const told = (...segments: SegmentDefinition[]) =>
  compiled(segments).flaws.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('definitions are compiled', () => {
  const { program, flaws } = compiled(
    [
      segment('regulars', did('Order Completed').atLeast(3).within('30d')),
      segment('again', all(did('Order Completed').atLeast(3).within('365d'), trait('address.country').equals('DE'))),
      segment('lapsed', all(didNot('Order Completed').within('30d'), not(inSegment('again')))),
      segment('readers', did(page('Pricing')).thenDid('Signed Up').within('1h')),
      segment('spenders', trait('spent').atLeast(100)),
    ],
    [
      { key: 'spent', compute: sum('Order Completed', 'revenue').within('90d') },
      { key: 'favourite', compute: mostFrequent('Product Viewed', 'category') },
    ],
  );

  it('to aggregates that they share', () => {
    expect(flaws).toEqual([]);
    expect([...program.aggregates.values()].map(({ shape }) => shape.kind).sort()).toEqual([
      'frequency',
      'latest',
      'latest',
      'pairs',
      'series',
    ]);
    expect(program.byEvent.get('track Order Completed')).toHaveLength(3);
    expect([...program.byEvent.keys()].sort()).toEqual([
      'page Pricing',
      'track Order Completed',
      'track Product Viewed',
      'track Signed Up',
    ]);
  });

  it('so that only what reads a change is asked again, through other segments and computed traits, too', () => {
    const idOf = (kind: string, keep?: number) =>
      [...program.aggregates.values()].find(
        ({ shape }) => shape.kind === kind && (keep === undefined || ('keep' in shape && shape.keep === keep)),
      )?.id ?? '';
    const readers = (...changed: string[]) => [...segmentsReading(program, changed)].sort();
    expect(readers(reading.aggregate(idOf('latest', 3)))).toEqual(['again', 'lapsed', 'regulars']);
    expect(readers(reading.aggregate(idOf('latest', 1)))).toEqual(['lapsed']);
    expect(readers(reading.aggregate(idOf('series')))).toEqual(['spenders']);
    expect(readers('trait address')).toEqual(['again', 'lapsed']);
    expect(readers('trait nobody')).toEqual([]);
  });

  it('to ids that depend on what is asked, and not on the order in which it is written', () => {
    const [one, other] = [property('a').equals(1), property('b').equals(2)];
    const of = (rule: Rule) => [...compiled([segment('s', rule)]).program.aggregates.keys()][0];
    expect(of(did('A', one, other))).toBe(of(did('A', other, one)));
    expect(of(did('A').within('1d'))).toBe(of(did('A').within('2d')));
    for (const another of [did('B', one), did('A', other), did('A', one).atLeast(2), did('A', one).since('2026-01-01')])
      expect(of(another)).not.toBe(of(did('A', one)));
    expect(of(did('A'))).toBe(specOf({ shape: { kind: 'latest', keep: 1 }, first: { key: 'track A', where: [] } }).id);
    expect(of(did('A'))).toMatch(/^[\w-]{9}$/);
  });

  it('with the bytes that they take at worst', () => {
    const bytes = (rule: Rule) => compiled([segment('s', rule)]).program.worstBytes;
    expect(bytes(did('A'))).toBe(71);
    expect(bytes(did('A').atLeast(10))).toBe(278);
    expect(bytes(trait('a').exists())).toBe(0);
    expect(bytes(sum('A', 'b').within('90d').atLeast(1))).toBe(5970);
  });
});

describe('what cannot be compiled is told with its place', () => {
  const sums = (n: number) =>
    Array.from({ length: n }, (_, at) => segment(`s${at}`, sum(`A${at}`, 'b').within('30d').atLeast(1)));
  it.each<[string, SegmentDefinition[], (string | RegExp)[]]>([
    [
      'a segment that nobody defines',
      [segment('a', any(inSegment('b')))],
      ['segments.0.where: no segment has the key "b"; known: a'],
    ],
    [
      'a segment of itself',
      [segment('a', not(inSegment('a')))],
      ['segments.0.where: must not depend on itself; got a → a'],
    ],
    [
      'segments in a circle',
      [segment('a', inSegment('b')), segment('b', inSegment('c')), segment('c', any(inSegment('b'), knownFor('1d')))],
      [
        'segments.1.where: must not depend on itself; got b → c → b',
        'segments.2.where: must not depend on itself; got c → b → c',
      ],
    ],
    [
      'a key that is there already',
      [segment('a', knownFor('1d')), segment('a', knownFor('2d'))],
      ['segments.1.key: must be unique; got "a" again'],
    ],
    [
      'too many aggregates',
      Array.from({ length: 65 }, (_, n) => segment(`s${n}`, did(`A${n}`))),
      ['segments: must need at most 64 aggregates, with the traits; got 65'],
    ],
    [
      'too many bytes',
      sums(10),
      [/^segments: must need at most 49152 bytes of each profile, with the traits; got \d+ at worst$/],
    ],
    [
      'more than is kept of an open window',
      [segment('a', all(did('A').atLeast(65).olderThan('1d')))],
      ['segments.0.where.all.0.count.value: must be at most 64 in a window without an end; got 65'],
    ],
    [
      'a computation of an open window',
      [segment('a', sum('A', 'b').olderThan('1d').atLeast(1))],
      ['segments.0.where.compute.window: must not be without an end: a computation looks back so far or for ever'],
    ],
    [
      'a sequence that ended long ago',
      [segment('a', did('A').thenDid('B').within('1h').ago('1d', '2d'))],
      ['segments.0.where.window: must end now: only the last time is known'],
    ],
    [
      'events of an account',
      [segment('a', account(did('A')))],
      [
        "segments.0.where.account: must be about traits and segments only: nothing else is known of a person's accounts",
      ],
    ],
  ])('%s', (_name, segments, flaws) =>
    expect(told(...segments)).toEqual(
      flaws.map((flaw) => (typeof flaw === 'string' ? flaw : expect.stringMatching(flaw))),
    ),
  );

  it('a computed trait as a date', () => {
    const traits: ComputedTrait[] = [{ key: 'last_order', compute: lastTime('Order Completed') }];
    expect(compiled([segment('a', not(trait('last_order').within('1d')))], traits).flaws).toEqual([
      {
        path: ['segments', 0, 'where', 'not', 'trait'],
        message: 'must not be a computed trait where the time counts; didFirst and didLast say it',
      },
    ]);
  });

  it.each([inList('x'), sample('x', 5), account(trait('a').exists())])('and nothing is wrong with %j', (rule) =>
    expect(told(segment('a', rule))).toEqual([]),
  );
  it('nor with eight sums', () => expect(told(...sums(8))).toEqual([]));
});

describe('segments may flip without an event', () => {
  const timed = (...segments: SegmentDefinition[]) => [...compiled(segments).program.timed];
  it.each<[string, Rule, boolean]>([
    ['a trait', trait('a').exists(), false],
    ['a date of a trait', trait('a').within('7d'), true],
    ['an anniversary', trait('a').anniversary(), true],
    ['an event ever', did('A'), false],
    ['an event between two dates', did('A').during('2026-01-01', '2026-02-01'), false],
    ['an event in a window', did('A').within('1h'), true],
    ['calendar days', did('A').today(), true],
    ['a sum ever', sum('A', 'b').atLeast(1), false],
    ['a sum in a window', sum('A', 'b').within('1d').atLeast(1), true],
    ['a sequence', did('A').thenDid('B').within('1h'), false],
    ['an absence', did('A').thenNot('B').within('1h'), true],
    ['known for so long', knownFor('1d'), true],
    ['a sample', sample('x', 50), false],
    ['one of several', any(trait('a').exists(), all(not(did('A').within('1h')))), true],
    ['traits of an account', account(trait('a').exists()), false],
  ])('%s', (_name, where, expected) => expect(timed(segment('s', where))).toEqual(expected ? ['s'] : []));

  it('and with them those that read them', () =>
    expect(
      timed(
        segment('one', not(inSegment('two'))),
        segment('two', inSegment('three')),
        segment('three', did('A').within('1h')),
        segment('four', trait('a').exists()),
      ),
    ).toEqual(['one', 'two', 'three']));
});

it('the id of a program is that of its definitions, in whatever order their fields are', () => {
  const id = (...segments: SegmentDefinition[]) => compiled(segments).program.id;
  const [a, b] = [segment('a', did('A')), segment('b', did('B'))];
  expect(id(a)).toMatch(/^[\w-]{6}$/);
  expect(id({ where: a.where, name: a.name, key: a.key })).toBe(id(a));
  expect(new Set([id(a), id(b), id(a, b), id(), id({ ...a, zone: 'Europe/Berlin' })]).size).toBe(5);
});
