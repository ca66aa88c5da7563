import fc from 'fast-check';
import type { Computation } from '../../../../lambdas/core/segments/language/computation.ts';
import type { ComputedTrait, SegmentDefinition } from '../../../../lambdas/core/segments/language/definitions.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';

/** Lengths of time that meet each other, and the days of the history. */
export const lengths = ['1m', '2m', '30m', '1h', '12h', '1d', '2d', '1w'] as const;
export const zones = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Australia/Lord_Howe'] as const;

const duration = fc.constantFrom(...lengths);
const name = fc.constantFrom('A', 'B', 'C');
const property = fc.constantFrom('x', 'price', 'deep.x');
const scalar = fc.constantFrom<string | number | boolean>('red', 'blue', '2', 1, 2, 2.5, true, false);
const number = fc.constantFrom(0, 1, 2, 2.5, 5);

const comparison = fc.oneof(
  fc.record({ operator: fc.constantFrom('equals' as const, 'notEquals' as const), value: scalar }),
  fc.record({
    operator: fc.constantFrom('greaterThan' as const, 'atLeast' as const, 'lessThan' as const, 'atMost' as const),
    value: number,
  }),
  fc.record({ operator: fc.constant('between' as const), from: number, to: number }),
  fc.record({
    operator: fc.constantFrom('anyOf' as const, 'noneOf' as const),
    value: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ operator: fc.constant('contains' as const), value: fc.constantFrom('r', 'red', '2', 2) }),
  fc.record({
    operator: fc.constantFrom('startsWith' as const, 'endsWith' as const),
    value: fc.constantFrom('r', 'd', 'e'),
  }),
  fc.record({ operator: fc.constantFrom('exists' as const, 'missing' as const) }),
);

const filters = fc.option(
  fc.array(
    fc.tuple(property, comparison).map(([of, said]) => ({ property: of, ...said })),
    { minLength: 1, maxLength: 2 },
  ),
  { nil: undefined, freq: 2 },
);
const match = fc.tuple(name, filters).map(([event, where]) => ({ event, ...(where && { where }) }));

const calendar = fc.record({
  calendar: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
  last: fc.integer({ min: 1, max: 3 }),
});
const dates = fc.constantFrom(
  { from: '2026-03-27' },
  { to: '2026-03-30' },
  { from: '2026-03-28', to: '2026-03-30T01:00:00Z' },
);
const ages = fc
  .tuple(duration, duration)
  .filter(([a, b]) => lengths.indexOf(a) < lengths.indexOf(b))
  .map((between) => ({ between }));
const moving = fc.oneof(
  duration.map((within) => ({ within })),
  calendar,
);
const window = fc.oneof(moving, moving, dates, ages);
const open = duration.map((olderThan) => ({ olderThan }));
const optional = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });

const computation = fc
  .oneof(
    fc.record({
      kind: fc.constantFrom('count' as const, 'firstTime' as const, 'lastTime' as const),
      match,
      window: optional(window),
    }),
    fc.record({
      kind: fc.constantFrom('sum' as const, 'average' as const, 'minimum' as const, 'maximum' as const),
      ...{ match, property: fc.constantFrom('price', 'x'), window: optional(window) },
    }),
    fc.record({
      kind: fc.constantFrom('first' as const, 'last' as const, 'mostFrequent' as const),
      match,
      property,
      window: optional(window),
    }),
    fc.record({
      kind: fc.constantFrom('distinct' as const, 'list' as const),
      match,
      property,
      window: optional(fc.oneof(moving, dates)),
    }),
  )
  .map(({ match: of, ...rest }) => ({ ...rest, ...of }));

const count = fc.oneof(
  fc.record({ operator: fc.constant('atLeast' as const), value: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    operator: fc.constantFrom('atMost' as const, 'exactly' as const),
    value: fc.integer({ min: 0, max: 3 }),
  }),
);
const ofEvents = fc.oneof(
  fc
    .tuple(match, optional(count), optional(fc.oneof(window, open)))
    .map(([of, often, when]) => ({ ...of, count: often, window: when })),
  fc
    .tuple(match, fc.constantFrom('first' as const, 'last' as const), fc.oneof(window, open))
    .map(([of, occurrence, when]) => ({ ...of, occurrence, window: when })),
  fc
    .tuple(match, match, duration, optional(dates))
    .map(([of, followedBy, apart, when]) => ({ ...of, followedBy, apart, window: when })),
  fc.tuple(match, match, duration).map(([of, notFollowedBy, apart]) => ({ ...of, notFollowedBy, apart })),
);

const ofTraits = fc.oneof(
  fc
    .tuple(fc.constantFrom('plan', 'score', 'deep.x', 'nobody'), comparison)
    .map(([trait, said]) => ({ trait, ...said })),
  fc.tuple(fc.oneof(window, open)).map(([when]) => ({ trait: 'date', operator: 'during' as const, window: when })),
  duration.map((value) => ({ trait: 'date', operator: 'inNext' as const, value })),
  fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 3 })).map(([from, days]) => ({
    ...{ trait: 'birthday', operator: 'anniversary' as const },
    ...{ from, to: from + days },
  })),
);

const ofPerson = fc.oneof(
  fc
    .tuple(fc.constantFrom('ads', 'mail'), fc.constantFrom('granted' as const, 'denied' as const, 'unknown' as const))
    .map(([consent, is]) => ({ consent, is })),
  fc.constantFrom('exists' as const, 'missing' as const).map((operator) => ({ identifier: 'email', operator })),
  duration.map((knownFor) => ({ knownFor })),
  ofTraits.map((rule) => ({ account: rule })),
);

const leaf = fc.oneof(
  { weight: 5, arbitrary: ofEvents },
  { weight: 3, arbitrary: fc.tuple(computation, comparison).map(([compute, said]) => ({ compute, ...said })) },
  { weight: 2, arbitrary: ofTraits },
  { weight: 1, arbitrary: ofPerson },
) as unknown as fc.Arbitrary<Rule>;

const tree = (some: fc.Arbitrary<Rule>): fc.Arbitrary<Rule> =>
  fc.oneof(
    { weight: 3, arbitrary: some },
    { weight: 1, arbitrary: some.map((not) => ({ not })) },
    { weight: 2, arbitrary: fc.array(some, { minLength: 2, maxLength: 3 }).map((all) => ({ all })) },
    { weight: 2, arbitrary: fc.array(some, { minLength: 2, maxLength: 3 }).map((any) => ({ any })) },
  );
const rule = tree(tree(leaf));
const zone = fc.constantFrom<string>(...zones);

/** Two segments, the second of which may read the first, and a computed trait. */
export const definitions = fc.record({
  segments: fc
    .tuple(zone, rule, zone, rule, fc.boolean())
    .map(([theirs, base, own, where, reads]): SegmentDefinition[] => [
      { key: 'base', name: 'Base', zone: theirs, where: base },
      {
        key: 'main',
        name: 'Main',
        zone: own,
        where: reads
          ? { any: [{ all: [{ inSegment: 'base' }, where] }, { not: { any: [where, { inSegment: 'base' }] } }] }
          : where,
      },
    ]),
  traits: fc
    .tuple(zone, computation as unknown as fc.Arbitrary<Computation>)
    .map(([of, compute]): ComputedTrait[] => [{ key: 'computed', zone: of, compute }]),
});
