import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Aggregate, withOccurrence } from '../../../../lambdas/core/segments/aggregates/aggregate.ts';
import type { ShapeOf } from '../../../../lambdas/core/segments/aggregates/kind.ts';
import type { Occurrence } from '../../../../lambdas/core/segments/aggregates/occurrence.ts';
import { lastPair, type Pairs } from '../../../../lambdas/core/segments/aggregates/pairs.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { arrivals, arrive, occurrences } from './any-order.ts';
import { matchesIn } from './expected.ts';

const apart = 16;
const shapeWith = (bucket: number): ShapeOf<'pairs'> => ({ kind: 'pairs', keep: 64, apart, bucket });
const history = occurrences(fc.constant(undefined));
const [tries, seed] = [numRuns(4_000), 18];

/** Whether there was a pair, exactly; when the last one was, exactly or less than a stretch too early. */
function isRight(bucket: number, events: readonly Occurrence[], state: Aggregate['state'] | undefined): boolean {
  const last = matchesIn(events, apart).at(-1);
  const told = state && lastPair(shapeWith(bucket), state as Pairs);
  if (last === undefined || told === undefined) return last === told;
  return told <= last && last - told < bucket && Math.floor(told / bucket) === Math.floor(last / bucket);
}

describe('a pair of A and then B', () => {
  it.each([1, 2, 4, 16])(
    'is found in any order, partition, merge and with messages given again, in stretches of %d of 16',
    (bucket) =>
      fc.assert(
        fc.property(history, arrivals, (events, arrival) =>
          isRight(bucket, events, arrive(shapeWith(bucket), events, arrival, true)?.state),
        ),
        { numRuns: tries, seed },
      ),
  );

  it('is kept alike in any order and any grouping', () =>
    fc.assert(
      fc.property(history, arrivals, arrivals, (events, one, other) => {
        expect(arrive(shapeWith(2), events, one, true)).toEqual(arrive(shapeWith(2), events, other, false));
      }),
      { numRuns: tries, seed },
    ));

  it.each([
    ['after it by less than the time given', [0, 15], 15],
    ['after it by the time given', [0, 16], undefined],
    ['at the same time', [5, 5], undefined],
    ['before it', [5, 4], undefined],
  ])('%s', (_name, [a, b], last) => {
    const events: Occurrence[] = [
      { at: a as number, mark: 'a', part: 'first' },
      { at: b as number, mark: 'b', part: 'second' },
    ];
    const state = events.reduce<Aggregate | undefined>(
      (known, event) => withOccurrence(shapeWith(1), known, event),
      undefined,
    )?.state;
    expect(lastPair(shapeWith(1), state as Pairs)).toBe(last);
  });

  it('is remembered, however long A goes on without B', () => {
    const shape = shapeWith(1);
    const events = [0, 1, ...Array.from({ length: 500 }, (_, n) => n + 10)].map(
      (at): Occurrence => ({ at, mark: `${at}`, part: at === 1 ? 'second' : 'first' }),
    );
    const state = events.reduce<Aggregate | undefined>((known, event) => withOccurrence(shape, known, event), undefined)
      ?.state as Pairs;
    expect([lastPair(shape, state), state.stretches.size]).toEqual([1, 64]);
  });

  it('is lost where a stretch is longer than the time given', () => {
    const wide = fc.property(history, arrivals, (events, arrival) =>
      isRight(4 * apart, events, arrive(shapeWith(4 * apart), events, arrival, false)?.state),
    );
    expect(fc.check(wide, { numRuns: tries, seed }).failed).toBe(true);
  });
});
