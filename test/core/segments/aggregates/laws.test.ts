import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Aggregate,
  joinAggregate,
  withOccurrence,
} from '../../../../lambdas/core/segments/aggregates/aggregate.ts';
import type { Shape } from '../../../../lambdas/core/segments/aggregates/kind.ts';
import type { Occurrence } from '../../../../lambdas/core/segments/aggregates/occurrence.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { arrivals, arrive, occurrences } from './any-order.ts';
import { expectedOf } from './expected.ts';

const amounts = fc.bigInt({ min: -5_000_000n, max: 5_000_000n });
const texts = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');

/** A kind, and whether it may be joined again with what it has. */
interface Case {
  readonly shape: Exclude<Shape, { kind: 'pairs' }>;
  readonly value: fc.Arbitrary<Occurrence['value']>;
  readonly idempotent: boolean;
}

const cases: Case[] = [
  { shape: { kind: 'latest', keep: 3 }, value: fc.option(texts, { nil: undefined }), idempotent: true },
  { shape: { kind: 'earliest', keep: 3 }, value: fc.option(texts, { nil: undefined }), idempotent: true },
  { shape: { kind: 'series', keep: 64, buckets: 5, bucket: 10 }, value: amounts, idempotent: true },
  {
    shape: { kind: 'series', keep: 4, buckets: 5, bucket: 10 },
    value: fc.option(amounts, { nil: undefined }),
    idempotent: false,
  },
  { shape: { kind: 'values', keep: 4 }, value: texts, idempotent: true },
  { shape: { kind: 'frequency', keep: 4 }, value: texts, idempotent: false },
  { shape: { kind: 'total' }, value: amounts, idempotent: false },
];
const tries = numRuns(2_000);
const seed = 18;

const fold = (shape: Shape, history: readonly Occurrence[]): Aggregate | undefined =>
  history.reduce<Aggregate | undefined>((state, event) => withOccurrence(shape, state, event), undefined);

describe.each(cases)('$shape', ({ shape, value, idempotent }) => {
  it('is what the list of events gives, in any order, parted and merged in any way', () =>
    fc.assert(
      fc.property(occurrences(value), arrivals, (history, arrival) => {
        fc.pre(history.length > 0);
        expect(arrive(shape, history, arrival, idempotent)?.state).toEqual(expectedOf(shape, history));
      }),
      { numRuns: tries, seed },
    ));

  it('is joined alike from either side, and in any grouping', () =>
    fc.assert(
      fc.property(occurrences(value), fc.array(fc.nat(2), { minLength: 40, maxLength: 40 }), (history, owners) => {
        const of = (owner: number) =>
          fold(
            shape,
            history.filter((_event, n) => owners[n] === owner),
          );
        const [a, b, c] = [of(0), of(1), of(2)];
        fc.pre(a !== undefined && b !== undefined && c !== undefined);
        const join = (x: Aggregate | undefined, y: Aggregate | undefined) => joinAggregate(x, y as Aggregate);
        expect(join(a, b)).toEqual(join(b, a));
        expect(join(join(a, b), c)).toEqual(join(a, join(b, c)));
        if (idempotent) expect(join(a, a)).toEqual(a);
      }),
      { numRuns: tries, seed },
    ));
});

/** Whatever a wrong design gives for some history. */
const differs = (
  wrong: (history: readonly Occurrence[], arrival: Parameters<typeof arrive>[2]) => unknown,
  right: Case['shape'],
  value: Case['value'],
) =>
  fc.check(
    fc.property(occurrences(value), arrivals, (history, arrival) => {
      fc.pre(history.length > 0);
      expect(wrong(history, arrival)).toEqual(expectedOf(right, history));
    }),
    { numRuns: tries, seed },
  ).failed;

describe('the law fails', () => {
  const series = { kind: 'series', keep: 64, buckets: 5, bucket: 10 } as const;

  it('for a tail that does not know its messages', () => {
    const nameless = (history: readonly Occurrence[], arrival: Parameters<typeof arrive>[2]) =>
      arrive(
        series,
        history.flatMap((event) => [event, { ...event, mark: `${event.mark}'` }]),
        arrival,
        false,
      )?.state;
    expect(differs(nameless, series, amounts)).toBe(true);
  });

  it('for a total that is given messages again', () =>
    expect(
      differs(
        (history, arrival) => arrive({ kind: 'total' }, history, arrival, true)?.state,
        { kind: 'total' },
        amounts,
      ),
    ).toBe(true));

  it('for the most frequent values by count', () => {
    const byCount = (history: readonly Occurrence[]) => {
      const counts = new Map<unknown, number>();
      for (const { value } of history) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
        if (counts.size > 4) counts.delete([...counts].sort(([, a], [, b]) => a - b)[0]?.[0]);
      }
      return { counts, over: false };
    };
    expect(differs(byCount, { kind: 'frequency', keep: 4 }, texts)).toBe(true);
  });
});

it('has one entry of a message that is sent again with a later time', () => {
  const shape: Shape = { kind: 'latest', keep: 3 };
  const sent = [1, 2, 3].map((at) => ({ at, mark: at === 2 ? 'other' : 'again' }));
  expect(fold(shape, sent)?.state).toEqual([
    { at: 3, mark: 'again' },
    { at: 2, mark: 'other' },
  ]);
});
