import fc from 'fast-check';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import type { IdentityRules } from '../../../lambdas/core/identifiers/rules.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { joinTrait, type Trait, traitOf } from '../../../lambdas/core/profile/trait.ts';
import { place } from '../../../lambdas/core/stitching/placement/placement.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const day = 1440;
const moment = fc.oneof(fc.nat(3), fc.constantFrom(0, 59, 60, 6 * day, 7 * day - 1, 7 * day, 30 * day, 365 * day));
const identifier = fc.constantFrom(
  ...['user_id', 'email', 'anonymous_id', 'crm'].flatMap((type) => [1, 2, 3, 4].map((n) => `${type}:${n}`)),
) as fc.Arbitrary<Identifier>;
const person = fc.record({ createdAt: moment, merged: fc.array(moment, { maxLength: 3 }) });
const limit = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  window: fc.constantFrom('ever', 'weekly', 'monthly', 'annually'),
});
const rules = fc.record({
  limits: fc.dictionary(fc.constantFrom('user_id', 'email', 'crm'), limit),
  defaultLimit: fc.integer({ min: 1, max: 4 }),
  caps: fc.record({ identifiers: fc.integer({ min: 2, max: 9 }), merges: fc.integer({ min: 1, max: 6 }) }),
  breaker: fc.record({ merges: fc.integer({ min: 1, max: 4 }), minutes: fc.constantFrom(1, 60) }),
});
const situation = fc.record({
  people: fc.array(person, { maxLength: 3 }),
  /** Who has an identifier, by place among the people, and since when. */
  owned: fc.uniqueArray(fc.tuple(identifier, fc.nat(2), moment), { selector: ([id]) => id, maxLength: 10 }),
  stated: fc.uniqueArray(identifier, { minLength: 1, maxLength: 6 }),
  receivedAt: moment,
  rules,
});

/** Where events belong; profiles are told by their place, times in minutes. */
export const placements = (numRuns: number, seed: number): unknown[] =>
  fc.sample(situation, { numRuns, seed }).map((one) => {
    const people = one.people.map(({ createdAt, merged }, n): Profile => {
      const mine = one.owned
        .filter(([, owner]) => owner === n)
        .map(([id, , at]) => [id, { first: minute(at), last: minute(at), linked: minute(at) }] as const);
      const absorbed = new Map(merged.map((at, m) => [`p${n}-${m}`, minute(at)]));
      return {
        ...newProfile(`p${n}`, eventOf({ receivedAt: minute(createdAt) })),
        identifiers: new Map(mine),
        merged: absorbed,
      };
    });
    const rules: IdentityRules = configOf({ identity: one.rules }).identity;
    const ownerOf = (id: Identifier) => people.find(({ identifiers }) => identifiers.has(id));
    const { profiles, identifiers, dropped, capped } = place(
      { identifiers: one.stated, receivedAt: minute(one.receivedAt) },
      ownerOf,
      rules,
    );
    return [
      { ...one, rules },
      [
        profiles.map(({ profileId }) => profileId),
        identifiers,
        dropped.map(({ identifier, rule }) => [identifier, rule]),
        capped ?? null,
      ],
    ];
  });

const messageId = fc.constantFrom('m', 'm1', 'M', 'é', '\uffee', '\ufb01', '😀', '\ud801\udc00', 'm😀', 'm\uffee', '');
const statement = fc.record({
  at: fc.nat(2),
  messageId,
  value: fc.constantFrom<unknown>('a', '\uffee', '😀', 1, 2.5, null, true, ['😀'], { a: '\ufb01' }),
  sourceId: fc.constantFrom('s', 't'),
});

/** The last word of what is said of a trait, as JSON, whatever comes first. */
export const lastWords = (numRuns: number, seed: number): unknown[] =>
  fc.sample(fc.array(statement, { minLength: 1, maxLength: 6 }), { numRuns, seed }).map((stated) => {
    const traits = stated.map(({ at, value, messageId, sourceId }) =>
      traitOf(value, { timestamp: minute(at), messageId, sourceId }),
    );
    const last = traits.reduce<Trait | undefined>(joinTrait, undefined);
    return [
      stated.map((one, n) => ({ ...one, timestamp: traits[n]?.timestamp, value: JSON.stringify(one.value) })),
      JSON.stringify(last?.value),
    ];
  });
