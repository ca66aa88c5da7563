import fc from 'fast-check';
import {
  type Aggregate,
  joinAggregate,
  withOccurrence,
} from '../../../../lambdas/core/segments/aggregates/aggregate.ts';
import type { Shape } from '../../../../lambdas/core/segments/aggregates/kind.ts';
import type { Occurrence } from '../../../../lambdas/core/segments/aggregates/occurrence.ts';

/** Times lie close together, so that many are equal and many are at an edge. */
export const occurrences = (value: fc.Arbitrary<Occurrence['value']>, maxLength = 40): fc.Arbitrary<Occurrence[]> =>
  fc
    .array(
      fc.record({
        at: fc.integer({ min: 0, max: 120 }),
        value,
        part: fc.constantFrom('first' as const, 'second' as const),
      }),
      { maxLength },
    )
    .map((all) => all.map((one, n) => ({ ...one, mark: `m${n}` })));

/**
 * How a history reaches the platform: which profile takes which event in, in which order, and in which order profiles
 * are joined.
 */
export interface Arrival {
  readonly order: readonly number[];
  readonly joins: readonly number[];
}
export const arrivals: fc.Arbitrary<Arrival> = fc.record({
  order: fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 }),
  joins: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
});

const nth = (list: readonly number[], n: number): number => list[n % list.length] ?? 0;

/**
 * Whatever the order, four profiles take the events in and become one; `again` gives a third of the events to a second
 * profile, too.
 */
export function arrive(
  shape: Shape,
  history: readonly Occurrence[],
  { order, joins }: Arrival,
  again: boolean,
): Aggregate | undefined {
  const shuffled = history
    .map((event, n) => ({ event, n, at: nth(order, n) }))
    .sort((a, b) => a.at - b.at || a.n - b.n);
  const profiles: (Aggregate | undefined)[] = [undefined, undefined, undefined, undefined];
  for (const { event, at } of shuffled) {
    const own = at % profiles.length;
    profiles[own] = withOccurrence(shape, profiles[own], event);
    const other = (at >> 2) % profiles.length;
    if (again && at % 3 === 0) profiles[other] = withOccurrence(shape, profiles[other], event);
  }
  return joins
    .reduce(
      joinTwo,
      profiles.filter((aggregate) => aggregate !== undefined),
    )
    .at(0);
}

function joinTwo(states: Aggregate[], pick: number): Aggregate[] {
  if (states.length < 2) return states;
  const a = pick % states.length;
  const b = (a + 1 + ((pick >> 3) % (states.length - 1))) % states.length;
  return [...states.filter((_state, n) => n !== a && n !== b), joinAggregate(states[a], states[b] as Aggregate)];
}
