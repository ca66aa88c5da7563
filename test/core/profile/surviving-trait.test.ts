import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Survivorship } from '../../../lambdas/core/lake/survivorship.ts';
import {
  chosenAgain,
  joinStated,
  saidBy,
  statementsIn,
  withStatement,
} from '../../../lambdas/core/profile/surviving-trait.ts';
import { type Trait, traitOf } from '../../../lambdas/core/profile/trait.ts';
import { boundTraits, type Place } from '../../../lambdas/core/profile/trait-bound.ts';
import { minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

type Said = readonly [source: string, at: number, value: unknown];
const statementOf = ([sourceId, at, value]: Said, n: number): Trait =>
  traitOf(value, { timestamp: minute(at), messageId: `m${n}`, sourceId });
const joinAll = (statements: readonly Trait[], rules: Survivorship, name = 't'): Trait =>
  statements.reduce<Trait | undefined>((all, one) => joinStated(all, one, name, rules), undefined) as Trait;

const trusting = (name: string, ...sources: string[]): Survivorship => ({ [name]: { keep: 'most_trusted', sources } });
const trusted = trusting('t', 'crm', 'shop');

interface Case {
  readonly rules: Survivorship;
  readonly stated: readonly Said[];
}
it.each(sharedCases<Case, unknown>('survivorship'))('of several statements survives $name', ({ input, expected }) => {
  const statements = input.stated.map(statementOf);
  expect(joinAll(statements, input.rules).value).toEqual(expected);
  expect(joinAll(statements.toReversed(), input.rules).value).toEqual(expected);
});

/** Few sources, times and messages, so that they meet often. */
const someSaid = fc.record({
  value: fc.constantFrom<unknown>('a', 'b', null, 1, { a: 1 }, 'v'.repeat(9000)),
  timestamp: fc.nat({ max: 4 }).map(minute),
  messageId: fc.constantFrom('m1', 'm2', '😀'),
  sourceId: fc.constantFrom('crm', 'shop', 'app', 'web'),
});
const someTrait = someSaid.map(({ value, ...by }) => traitOf(value, by));

/** What survives, said the long way: of each source its last word, then the most trusted source that has one. */
function expected(statements: readonly Trait[]): unknown {
  const isAfter = (a: Trait, b: Trait) => {
    const [one = '', other = ''] = [a, b]
      .map(({ timestamp, messageId, value }) => [timestamp, messageId, JSON.stringify(value)])
      .map((parts, _, [first = [], second = []]) => parts.find((_part, n) => first[n] !== second[n]));
    return one > other;
  };
  const last = [...Map.groupBy(statements, ({ sourceId }) => sourceId).values()].map((said) =>
    said.reduce((a, b) => (isAfter(b, a) ? b : a)),
  );
  const standing = last.filter(({ value, bytes }) => value !== null || bytes !== undefined);
  const places = standing.map(({ sourceId }) => ['crm', 'shop'].indexOf(sourceId)).map((at) => (at < 0 ? 9 : at));
  const best = standing.filter((_, n) => places[n] === Math.min(...places));
  return best.length === 0 ? null : best.reduce((a, b) => (isAfter(b, a) ? b : a)).value;
}

describe('where sources are trusted in an order, a trait is a join', () => {
  it('of its statements in any order, grouped in any way, some of them twice', () =>
    fc.assert(
      fc.property(fc.array(someTrait, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), (all, chances) => {
        const chance = () => chances.next().value as number;
        const whole = joinAll(all, trusted);
        const shuffled = [...all, ...all.slice(0, 3)].map((one) => ({ one, at: chance() })).sort((a, b) => a.at - b.at);
        const groups = Map.groupBy(shuffled, () => chance() % 3).values();
        const parts = [...groups].map((group) =>
          joinAll(
            group.map(({ one }) => one),
            trusted,
          ),
        );
        expect(joinAll(parts, trusted)).toEqual(whole);
        expect(joinStated(whole, whole, 't', trusted)).toEqual(whole);
        expect(joinStated(undefined, whole, 't', trusted)).toEqual(whole);
      }),
      { numRuns: numRuns(5_000) },
    ));

  it('whose value is that of the most trusted source that has one', () =>
    fc.assert(
      fc.property(
        fc.array(
          someTrait.filter(({ bytes }) => bytes === undefined),
          { minLength: 1, maxLength: 12 },
        ),
        (all) => {
          expect(joinAll(all, trusted).value).toEqual(expected(all));
        },
      ),
      { numRuns: numRuns(5_000) },
    ));

  it('also where a profile has no room for all of it', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.constantFrom('t', 'u', 'v'), trait: someTrait }), { maxLength: 20 }),
        fc.record({ room: fc.constantFrom(0, 128, 300, 600, 1000), remembered: fc.nat({ max: 4 }) }),
        fc.infiniteStream(fc.nat()),
        (all, some, chances) => {
          const rules = trusting('*', 'crm', 'shop');
          const bounds = { ...some, name: 11 };
          const chance = () => chances.next().value as number;
          type Life = { traits: ReadonlyMap<string, Trait>; horizon: Place | undefined };
          const cut = ({ traits, horizon }: Life, cuts: boolean): Life =>
            cuts ? boundTraits(traits, horizon, bounds, rules) : { traits, horizon };
          const join = (a: Life, b: Life): Life => {
            const traits = new Map(a.traits);
            for (const [name, trait] of b.traits) traits.set(name, joinStated(traits.get(name), trait, name, rules));
            const [first, second] = [a.horizon, b.horizon].map((one) =>
              one ? JSON.stringify([one.timestamp, one.messageId === '😀' ? '~' : one.messageId, one.name]) : '',
            );
            return { traits, horizon: (first as string) > (second as string) ? a.horizon : b.horizon };
          };
          const empty: Life = { traits: new Map(), horizon: undefined };
          const oneOf = ({ name, trait }: (typeof all)[number]): Life => ({
            ...empty,
            traits: new Map([[name, trait]]),
          });
          const whole = cut(all.map(oneOf).reduce(join, empty), true);
          const lives = [empty, empty];
          for (const { one } of all.map((one) => ({ one, at: chance() })).sort((a, b) => a.at - b.at)) {
            const at = chance() % 2;
            lives[at] = cut(join(lives[at] ?? empty, oneOf(one)), chance() % 2 === 0);
          }
          const ended = cut(lives.reduce(join, empty), true);
          const shown = ({ traits, horizon }: Life) => ({
            traits: [...traits].sort(([a], [b]) => (a < b ? -1 : 1)),
            horizon,
          });
          expect(shown(ended)).toEqual(shown(whole));
          expect(shown(cut(whole, true))).toEqual(shown(whole));
        },
      ),
      { numRuns: numRuns(5_000) },
    ));
});

describe('when the rules change', () => {
  const crm = statementOf(['crm', 1, 'a'], 1);
  const shop = statementOf(['shop', 2, 'b'], 2);
  const both = joinAll([crm, shop], trusted);
  const again = (rules: Survivorship, trait = both) => chosenAgain(new Map([['t', trait]]), rules).get('t');

  it('the sources that a trait kept are chosen from by the new order', () => {
    expect(both.value).toBe('a');
    expect(again(trusting('t', 'shop', 'crm'))).toEqual({ ...shop, others: [crm] });
  });

  it('a trait without a rule keeps its last statement, and no other', () => {
    expect(again({})).toEqual(shop);
    expect(joinStated(both, statementOf(['app', 0, 'c'], 3), 't')).toEqual(shop);
  });

  it('traits stay the same objects where nothing changes', () => {
    const traits = new Map([
      ['t', both],
      ['u', shop],
    ]);
    expect(chosenAgain(traits, trusting('*', 'crm', 'shop'))).toBe(traits);
  });
});

describe('what the lake found', () => {
  const crm = statementOf(['crm', 1, 'a'], 1);
  const shop = statementOf(['shop', 2, 'b'], 2);

  it('takes the place of what its source said, beside the less trusted ones', () => {
    const corrected = statementOf(['crm', 0, 'z'], 3);
    expect(withStatement(joinAll([crm, shop], trusted), corrected, 't', trusted)).toEqual({
      ...corrected,
      others: [shop],
    });
  });

  it('takes the place of everything that would survive it', () => {
    const corrected = statementOf(['app', 0, 'z'], 3);
    expect(withStatement(joinAll([crm, shop], trusted), corrected, 't', trusted)).toEqual(corrected);
    expect(withStatement(shop, corrected, 't', trusted)).toEqual(corrected);
    expect(withStatement(undefined, corrected, 't')).toEqual(corrected);
  });
});

it('what one source said is found among the statements of a trait that trusts sources, and else is what anybody said', () => {
  const [crm, shop] = [statementOf(['crm', 1, 'a'], 1), statementOf(['shop', 2, 'b'], 2)];
  const both = joinAll([crm, shop], trusted);
  expect(statementsIn(both)).toEqual([crm, shop]);
  expect(saidBy(both, 't', { sourceId: 'shop' }, trusted)).toEqual(shop);
  expect(saidBy(both, 't', { sourceId: 'app' }, trusted)).toBeUndefined();
  expect(saidBy(shop, 't', { sourceId: 'app' })).toBe(shop);
  expect(saidBy(undefined, 't', { sourceId: 'app' }, trusted)).toBeUndefined();
});
