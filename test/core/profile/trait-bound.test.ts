import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMost, joinTrait, longestValue, type Trait, traitOf } from '../../../lambdas/core/profile/trait.ts';
import {
  type BoundTraits,
  boundTraits,
  isName,
  type Place,
  type TraitBounds,
  traitBounds,
} from '../../../lambdas/core/profile/trait-bound.ts';
import { minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';
import { takes } from '../../simulation/checkers/kept-traits.ts';

/** What one message says of one trait. */
interface Statement {
  readonly name: string;
  readonly value: unknown;
  readonly timestamp: string;
  readonly messageId: string;
  readonly sourceId: string;
}

const sizes = [0, 1, 40, 60, 90, 200, 400, longestValue - 2, longestValue - 1, longestValue + 100];
const someValue = fc.oneof(
  fc.constantFrom(null, true, 12, 'x', '"', 'é'),
  fc.constantFrom(...sizes).map((size) => 'v'.repeat(size)),
  fc.constantFrom(...sizes).map((size) => ({ list: ['w'.repeat(size)] })),
);
/** Few names, times, messages and sources, so that they meet often, also in all four. */
const someStatement: fc.Arbitrary<Statement> = fc.record({
  name: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') },
    { weight: 1, arbitrary: fc.constantFrom('n'.repeat(12), 'é'.repeat(6)) },
  ),
  value: someValue,
  timestamp: fc.nat({ max: 5 }).map(minute),
  messageId: fc.constantFrom('m1', 'm2', 'm1\u0001', 'm'.repeat(100)),
  sourceId: fc.constantFrom('shop', 'app'),
});
const someBounds: fc.Arbitrary<TraitBounds> = fc.record({
  room: fc.constantFrom(0, 128, 130, 300, 600, 1000, 2000, 10_000),
  remembered: fc.nat({ max: 5 }),
  name: fc.constant(11),
});

const empty: BoundTraits = { traits: new Map(), horizon: undefined };

function joined(a: BoundTraits, b: BoundTraits, bounds: TraitBounds): BoundTraits {
  const traits = new Map(a.traits);
  for (const [name, trait] of b.traits) traits.set(name, joinTrait(traits.get(name), trait));
  const horizon =
    a.horizon && b.horizon ? (isBefore(a.horizon, b.horizon) ? b.horizon : a.horizon) : (a.horizon ?? b.horizon);
  return boundTraits(traits, horizon, bounds);
}

const only = ({ name, value, ...by }: Statement): BoundTraits => ({
  traits: new Map([[name, traitOf(value, by)]]),
  horizon: undefined,
});

/** In batches, some of them profiles of their own that merge, cut whenever the chance says so. */
function lived(history: readonly Statement[], chance: () => number, bounds: TraitBounds): BoundTraits {
  const profiles = [empty, empty, empty];
  for (const statement of history) {
    const at = chance() % 3;
    profiles[at] = joined(
      profiles[at] ?? empty,
      only(statement),
      chance() % 3 === 0 ? { ...bounds, room: 1e9, remembered: 1e9 } : bounds,
    );
    if (chance() % 5 === 0) profiles[at] = joined(profiles[at] ?? empty, profiles[chance() % 3] ?? empty, bounds);
  }
  return profiles.reduce((a, b) => joined(a, b, bounds), empty);
}

// The oracle: all at once from the whole history, by code of its own.

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const isBefore = (a: Place, b: Place): boolean =>
  a.timestamp !== b.timestamp
    ? a.timestamp < b.timestamp
    : a.messageId !== b.messageId
      ? a.messageId < b.messageId
      : a.name < b.name;

function expected(history: readonly Statement[], bounds: TraitBounds) {
  const stated = history.filter(({ name }) => Buffer.byteLength(name) <= bounds.name);
  const passes = (place: Place): boolean => {
    const since = Map.groupBy(
      stated.filter((one) => !isBefore(one, place)),
      ({ name }) => name,
    );
    return [...since.values()].reduce((sum, statements) => sum + Math.max(...statements.map(takes)), 0) > bounds.room;
  };
  const horizon = stated
    .filter(passes)
    .reduce<Statement | undefined>((a, b) => (a === undefined || isBefore(a, b) ? b : a), undefined);
  const words = [...Map.groupBy(stated, ({ name }) => name).values()]
    .map(lastWord)
    .sort((a, b) => (isBefore(a, b) ? 1 : -1));
  const kept = words.filter(
    (word, rank) => horizon === undefined || isBefore(horizon, word) || rank < bounds.remembered,
  );
  return {
    horizon: horizon && { timestamp: horizon.timestamp, messageId: horizon.messageId, name: horizon.name },
    traits: kept.map((word) => shown(word, stated, horizon !== undefined && !isBefore(horizon, word))).sort(byName),
  };
}

function lastWord(statements: readonly Statement[]): Statement {
  return statements.reduce((a, b) =>
    isBefore(a, b) || (!isBefore(b, a) && JSON.stringify(b.value) > JSON.stringify(a.value)) ? b : a,
  );
}

/** What one message says twice is decided by the value; where one of them is not kept, by none. */
function shown(word: Statement, stated: readonly Statement[], beyond: boolean) {
  const tied = stated.filter((one) => one.name === word.name && !isBefore(one, word) && !isBefore(word, one));
  const bytes = Math.max(...tied.map(({ value }) => bytesOf(value)));
  const isKept = !beyond && bytes <= longestValue;
  const sources = tied
    .filter(({ value }) => !isKept || JSON.stringify(value) === JSON.stringify(word.value))
    .map(({ sourceId }) => sourceId);
  return [
    word.name,
    word.timestamp,
    word.messageId,
    isKept ? undefined : sources.sort().at(-1),
    isKept ? word.value : null,
    isKept ? undefined : bytes,
  ];
}

const byName = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
const told = ({ traits, horizon }: BoundTraits) => ({
  horizon: horizon && { timestamp: horizon.timestamp, messageId: horizon.messageId, name: horizon.name },
  traits: [...traits]
    .map(([name, one]) => [
      name,
      one.timestamp,
      one.messageId,
      one.bytes === undefined ? undefined : one.sourceId,
      one.value,
      one.bytes,
    ])
    .sort(byName),
});

describe('what a profile keeps of its traits', () => {
  it('is the same in any order, batching and merging: what the whole history gives at once', () =>
    fc.assert(
      fc.property(
        fc.array(someStatement, { maxLength: 30 }),
        someBounds,
        fc.infiniteStream(fc.nat()),
        (history, bounds, chances) => {
          const chance = () => chances.next().value as number;
          const shuffled = history.map((statement) => ({ statement, at: chance() })).sort((a, b) => a.at - b.at);
          const ended = lived([...shuffled.map(({ statement }) => statement), ...history.slice(0, 5)], chance, bounds);
          expect(told(ended)).toEqual(expected(history, bounds));
        },
      ),
      { numRuns: numRuns(20_000) },
    ));

  it('joined with itself or cut again is the same, to the last thing remembered', () =>
    fc.assert(
      fc.property(
        fc.array(someStatement, { maxLength: 20 }),
        someBounds,
        fc.infiniteStream(fc.nat()),
        (history, bounds, chances) => {
          const once = lived(history, () => chances.next().value as number, bounds);
          expect(boundTraits(once.traits, once.horizon, bounds)).toEqual(once);
          expect(joined(once, once, bounds)).toEqual(once);
        },
      ),
      { numRuns: numRuns(2_000) },
    ));

  it('of a value that is too long is its size, and the next that is not is kept', () => {
    const by = { timestamp: minute(1), messageId: 'm1', sourceId: 'shop' };
    const long: Trait = traitOf('é'.repeat(longestValue), by);
    expect(long).toEqual({ ...by, value: null, bytes: 2 * longestValue + 2 });
    expect(joinTrait(long, traitOf('short', { ...by, timestamp: minute(2) }))).toMatchObject({ value: 'short' });
    expect(joinTrait(traitOf('short', { ...by, timestamp: minute(0) }), long)).toMatchObject({
      value: null,
      bytes: 2 * longestValue + 2,
    });
  });

  it('is all of it, where a profile is as large as profiles are', () => {
    const traits = new Map(
      Array.from({ length: 300 }, (_, n) => [
        `trait_${n}`,
        traitOf(`value ${n}`, { timestamp: minute(n % 60), messageId: `m${n}`, sourceId: 'shop' }),
      ]),
    );
    expect(boundTraits(traits)).toEqual({ traits, horizon: undefined });
    expect(traitBounds.room).toBeGreaterThan(300 * 140);
  });
});

it.each(sharedCases<string, boolean>('trait-names'))('a name that a profile keeps: $name', ({ input, expected }) =>
  expect(isName(input)).toBe(expected),
);

it('what a value takes at the most is never less than what it takes', () =>
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: 'medium' }), fc.string({ unit: 'binary' }), (value, text) => {
      for (const one of [
        value,
        text,
        { [text]: [value, text] },
        -Number.MAX_VALUE,
        -0.0000010018485928121172,
        JSON.parse('-1.7976931348623157e+308'),
      ])
        expect(atMost(one)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(one)));
    }),
  ));
