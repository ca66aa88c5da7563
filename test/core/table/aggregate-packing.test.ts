import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Aggregate, withOccurrence } from '../../../lambdas/core/segments/aggregates/aggregate.ts';
import type { Shape } from '../../../lambdas/core/segments/aggregates/kind.ts';
import type { Kept, Occurrence } from '../../../lambdas/core/segments/aggregates/occurrence.ts';
import { type AggregateSpec, specOf, type Taken } from '../../../lambdas/core/segments/program/aggregate-spec.ts';
import { worstBytes } from '../../../lambdas/core/segments/program/worst-bytes.ts';
import { PackedAggregates, packAggregates } from '../../../lambdas/core/table/aggregate-packing.ts';
import { numRuns } from '../../fixtures/laws.ts';

const seed = 36;
const amounts = fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n });
const texts = fc.oneof(fc.constantFrom('a', "'", '#', 'a,b;c d', '__proto__', ''), fc.string({ unit: 'binary' }));
const scalars: fc.Arbitrary<Kept> = fc.oneof(texts, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean());
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
        expect(PackedAggregates.parse(packAggregates(aggregates))).toEqual(aggregates);
      }),
      { numRuns: numRuns(600), seed },
    ));
});

describe.each(shapes)('%o, read from an item', (shape, value) => {
  it(`is packed as it became, and under another id as itself (seed ${seed})`, () =>
    fc.assert(
      fc.property(historyOf(value), historyOf(value), (before, since) => {
        const packed = packAggregates(new Map([['AbCdEfGhI', kept(shape, before)]]));
        const read = PackedAggregates.parse(packed).get('AbCdEfGhI') as Aggregate;
        const changed = since.reduce((known, event) => withOccurrence(shape, known, event), read);
        expect(packAggregates(new Map([['AbCdEfGhI', read]]))).toBe(packed);
        const both = new Map([
          ['AbCdEfGhI', changed],
          ['another_1', read],
        ]);
        expect(PackedAggregates.parse(packAggregates(both))).toEqual(
          new Map([
            ['AbCdEfGhI', kept(shape, [...before, ...since])],
            ['another_1', kept(shape, before)],
          ]),
        );
      }),
      { numRuns: numRuns(100), seed },
    ));
});

it('keeps several beside each other, and is absent without any', () => {
  const aggregates = new Map(
    shapes.map(([shape], n) => [`aggregate${n}`, kept(shape, [{ at: n, mark: 'm', part: 'first', value: 'x' }])]),
  );
  expect([...PackedAggregates.parse(packAggregates(aggregates)).keys()]).toEqual([...aggregates.keys()]);
  expect(packAggregates(new Map())).toBeUndefined();
});

const unreadable = [
  '',
  '[[]]',
  '[["id","z","" ]]',
  '[["id","t",7]]',
  '[["id","t","1",{}]]',
  '[["id","t"]]',
  'null',
  '{',
];
it.each([...unreadable, '[["id","t","1",[]]]', '[7]', '"text"'])('does not read %j', (text) =>
  expect(() => PackedAggregates.parse(text)).toThrow(),
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
