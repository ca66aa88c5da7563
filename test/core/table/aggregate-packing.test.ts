import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Aggregate, withOccurrence } from '../../../lambdas/core/segments/aggregates/aggregate.ts';
import type { Shape } from '../../../lambdas/core/segments/aggregates/kind.ts';
import type { Kept, Occurrence } from '../../../lambdas/core/segments/aggregates/occurrence.ts';
import { type AggregateSpec, specOf, type Taken } from '../../../lambdas/core/segments/program/aggregate-spec.ts';
import { worstBytes } from '../../../lambdas/core/segments/program/worst-bytes.ts';
import {
  packAggregates,
  packOwnAggregates,
  unpackAggregates,
  unpackOwnAggregates,
} from '../../../lambdas/core/table/aggregate-packing.ts';
import { packShape } from '../../../lambdas/core/table/packed-shape.ts';
import { packState } from '../../../lambdas/core/table/packed-state.ts';
import { numRuns } from '../../fixtures/laws.ts';

const seed = 36;
const amounts = fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n });
const texts = fc.oneof(fc.constantFrom('a', "'", '#', 'a,b;c d', '__proto__', ''), fc.string({ unit: 'binary' }));
// JSON, by which everybody is told of them, has no zero below zero.
const numbers = fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => number + 0);
const scalars: fc.Arbitrary<Kept> = fc.oneof(texts, numbers, fc.boolean());
const marks = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9_-]{9}$/), fc.option(fc.integer({ min: 1, max: 19 }), { nil: undefined }))
  .map(([mark, n]) => (n === undefined ? mark : `${mark}.${n}`));

const shapes: readonly (readonly [Shape, fc.Arbitrary<Kept | undefined>])[] = [
  [{ kind: 'latest', keep: 3 }, fc.constant(undefined)],
  [{ kind: 'latest', keep: 40 }, scalars],
  [{ kind: 'earliest', keep: 64 }, fc.option(amounts, { nil: undefined })],
  [{ kind: 'series', keep: 8, buckets: 48, bucket: 1_642_500 }, fc.option(amounts, { nil: undefined })],
  [{ kind: 'values', keep: 8 }, texts],
  [{ kind: 'frequency', keep: 8 }, texts],
  [{ kind: 'pairs', keep: 64, apart: 3_600_000, bucket: 225_000 }, fc.constant(undefined)],
  [{ kind: 'total' }, fc.option(amounts, { nil: undefined })],
];

/** Times before 1970, of today and far ahead, many of them close together. */
const times = fc.oneof(
  fc.integer({ min: 1_790_000_000_000, max: 1_790_050_000_000 }),
  fc.integer({ min: -9e14, max: 9e14 }),
);
const historyOf = (value: fc.Arbitrary<Kept | undefined>): fc.Arbitrary<Occurrence[]> =>
  fc.array(fc.record({ at: times, mark: marks, value, part: fc.constantFrom('first' as const, 'second' as const) }), {
    minLength: 1,
    maxLength: 90,
  });

const kept = (shape: Shape, history: readonly Occurrence[]): Aggregate =>
  history.reduce<Aggregate | undefined>((known, event) => withOccurrence(shape, known, event), undefined) as Aggregate;

describe.each(shapes)('%o', (shape, value) => {
  it(`is unpacked as it was packed (seed ${seed})`, () =>
    fc.assert(
      fc.property(historyOf(value), (history) => {
        const aggregates = new Map([['AbCdEfGhI', kept(shape, history)]]);
        expect(unpackAggregates(packAggregates(aggregates))).toEqual(aggregates);
      }),
      { numRuns: numRuns(600), seed },
    ));
});

describe.each(shapes)('%o, read from an item', (shape, value) => {
  it(`is packed as it became, and under another id as itself (seed ${seed})`, () =>
    fc.assert(
      fc.property(historyOf(value), historyOf(value), (before, since) => {
        const packed = packAggregates(new Map([['AbCdEfGhI', kept(shape, before)]]));
        const read = unpackAggregates(packed).get('AbCdEfGhI') as Aggregate;
        const changed = since.reduce((known, event) => withOccurrence(shape, known, event), read);
        expect(packAggregates(new Map([['AbCdEfGhI', read]]))).toBe(packed);
        const both = new Map([
          ['AbCdEfGhI', changed],
          ['another_1', read],
        ]);
        expect(unpackAggregates(packAggregates(both))).toEqual(
          new Map([
            ['AbCdEfGhI', kept(shape, [...before, ...since])],
            ['another_1', kept(shape, before)],
          ]),
        );
      }),
      { numRuns: numRuns(100), seed },
    ));
});

/** The attribute as it was before each aggregate had a line of its own. */
const earlier = (aggregates: ReadonlyMap<string, Aggregate>, lacking: readonly string[] = []): string =>
  JSON.stringify([
    ...lacking.map((id) => [id]),
    ...[...aggregates].map(([id, { shape, state }]) => [id, packShape(shape), ...packState(shape, state)]),
  ]);

describe.each(shapes)('%o, of an item of an earlier form', (shape, value) => {
  it('is read as it was, also of own statements, and goes on as if it had always been of this form', () =>
    fc.assert(
      fc.property(historyOf(value), historyOf(value), (one, other) => {
        const [before, since] = [kept(shape, one), kept(shape, other)];
        const all = new Map([
          ['of_both', kept(shape, [...one, ...other])],
          ['of_others', since],
        ]);
        const own = new Map([['of_both', before]]);
        const read = unpackAggregates(earlier(all));
        expect(read).toEqual(all);
        expect(packAggregates(read)).toBe(packAggregates(all));
        const readOwn = unpackOwnAggregates(earlier(own, ['of_others']), read);
        expect(readOwn).toEqual(own);
        expect(unpackOwnAggregates(packOwnAggregates(readOwn, read), all)).toEqual(own);
        const next = other.reduce((known, event) => withOccurrence(shape, known, event), readOwn.get('of_both'));
        expect(next).toEqual(kept(shape, [...one, ...other]));
      }),
      { numRuns: numRuns(100) },
    ));
});

it('reads an item that an earlier version wrote, and writes a line for each aggregate', () => {
  const written =
    '[["MuRm7FZGY","l3","OMxaL1P7b mwt6xtuo,ddtl9LFQR -2gqg0"],["c2jTXk3fA","v2","mwt5ao80,-4x","a:b|\\n","c"]]';
  const read = unpackAggregates(written);
  expect(read.get('MuRm7FZGY')?.state).toEqual([
    { at: 1_795_433_820_000, mark: 'OMxaL1P7b' },
    { at: 1_795_429_680_000, mark: 'ddtl9LFQR' },
  ]);
  expect(read.get('c2jTXk3fA')?.state).toEqual(
    new Map([
      ['a:b|\n', 1_795_431_060_000],
      ['c', 1_795_431_059_823],
    ]),
  );
  expect(packAggregates(read)?.split('\n')).toEqual([
    'MuRm7FZGY:l3:OMxaL1P7b mwt6xtuo,ddtl9LFQR -2gqg0',
    'c2jTXk3fA:v2:mwt5ao80,-4x:["a:b|\\n","c"]',
  ]);
});

it('keeps several beside each other, and is absent without any', () => {
  const aggregates = new Map(
    shapes.map(([shape], n) => [`aggregate${n}`, kept(shape, [{ at: n, mark: 'm', part: 'first', value: 'x' }])]),
  );
  expect([...unpackAggregates(packAggregates(aggregates)).keys()]).toEqual([...aggregates.keys()]);
  expect(packAggregates(new Map())).toBeUndefined();
});

const unreadable = [
  '',
  '[[]]',
  '[["id","z","" ]]',
  '[["id","t",7]]',
  '[["id","t","1",{}]]',
  '[["id","t"]]',
  '[["id"]]',
  'id:t',
  'id',
  ':t:1',
  'id:z:1',
  'id:t:1\n',
  'null',
  '{',
];
it.each([...unreadable, '[["id","t","1",[]]]', '[7]', '"text"'])('does not read %j', (text) =>
  expect(() => unpackAggregates(text)).toThrow(),
);

/** Values of each kind that take as many bytes as an event can make them take. */
const longest: Readonly<Record<Taken['as'], readonly Kept[]>> = {
  amount: [10n ** 21n, -(10n ** 21n)],
  hash: Array.from({ length: 70 }, (_, n) => `${n}`.padStart(9, 'h')),
  text: Array.from({ length: 70 }, (_, n) => `${String(n).padStart(2, '0')}${'"'.repeat(23)}`),
  scalar: ['\u0001'.repeat(8), -Number.MIN_VALUE, '\u{1f600}'.repeat(12)],
};

describe.each(shapes)('%o, full', (shape) => {
  it.each([undefined, 'amount', 'hash', 'text', 'scalar'] as const)('takes no more than its worst with %s', (as) => {
    const taken = as && ({ as, property: 'p' } as const);
    const spec: AggregateSpec = specOf({ shape, first: { key: 'track A', where: [] }, ...(taken && { taken }) });
    const history = Array.from({ length: 300 }, (_, n): Occurrence => {
      const value = as && longest[as][n % longest[as].length];
      return {
        at: (n % 2 === 0 ? 1 : -1) * (8.6e15 - n * ('bucket' in shape ? shape.bucket : 1)),
        mark: `${n}`.padStart(9, 'm') + (as ? '.19' : ''),
        part: n % 3 === 0 ? 'first' : 'second',
        value,
      };
    });
    const packed = packAggregates(new Map([[spec.id, kept(shape, history)]])) ?? '';
    expect(Buffer.byteLength(packed)).toBeLessThanOrEqual(worstBytes(spec));
  });
});
