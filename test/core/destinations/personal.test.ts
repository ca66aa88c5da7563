import fc from 'fast-check';
import { expect, it } from 'vitest';
import { personalOf } from '../../../lambdas/core/destinations/personal.ts';
import { tellingsOf } from '../../../lambdas/core/destinations/tellings.ts';
import { traitCalls } from '../../../lambdas/core/destinations/trait-tellings.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { readJson } from '../../../lambdas/core/values/json.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf();
const seen = { first: minute(1), last: minute(1), linked: minute(1) };
const personWith = (traits: Readonly<Record<string, unknown>>): Profile => ({
  ...newProfile('p1', eventOf({ timestamp: minute(5) })),
  identifiers: new Map([
    ['user_id:ann', seen],
    ['email:ann@x.org', seen],
  ]),
  segments: new Map([['vip', minute(2)]]),
  traits: new Map(
    Object.entries(traits).map(([name, value]) => [
      name,
      { value, timestamp: minute(1), messageId: 'm', sourceId: 'shop' },
    ]),
  ),
});

/** Traits besides the segment or the trait in all calls about somebody, of memberships and of computed traits. */
function along(profile: Profile, personal: readonly string[] | undefined) {
  const shared = { rules: config.identity, consent: [], personal };
  const told = { names: new Set(['userId:ann', 'userId:former']) };
  const { entries } = tellingsOf({ profile, segment: 'vip', told }, { ...shared, now: minute(9), occasion: 'e1' });
  const truth = { text: '7', isBlank: false, names: [{ userId: 'ann' }], email: undefined };
  const updates = traitCalls(
    { profile, trait: 'orders', truth, told: new Map() },
    { names: ['userId:ann'], sure: [], value: '', lost: [] },
    { ...shared, definitions: config, now: 0 },
    1,
  );
  return [
    ...entries.map(({ call }) => call.context.traits),
    ...updates.map(({ traits: { orders: _value, ...others } }) => others),
  ];
}

it.each([
  { name: 'a text', value: 'Ann', told: 'Ann' },
  { name: 'a number', value: 7, told: 7 },
  { name: 'a long number as the nearest one', value: readJson('12345678901234567890'), told: 12345678901234567000 },
  { name: 'a flag', value: false, told: false },
  { name: 'no blank text', value: ' \u00a0', told: undefined },
  { name: 'nothing that was removed', value: null, told: undefined },
  { name: 'no list', value: ['Ann'], told: undefined },
  { name: 'no object', value: { first: 'Ann' }, told: undefined },
])('a destination is told $name, where it is configured for the trait', ({ value, told }) => {
  const expected = told === undefined ? {} : { name: told };
  expect(along(personWith({ name: value }), ['name'])).toEqual([expected, expected]);
});

it('is the address alone by default, and nothing where nothing is configured', () => {
  const ann = personWith({ name: 'Ann', email: 'Ann@x.org' });
  expect(along(ann, undefined)).toEqual([{ email: 'Ann@x.org' }, { email: 'Ann@x.org' }]);
  expect(along(ann, [])).toEqual([{}, {}]);
  expect(along(personWith({ email: null }), ['email'])).toEqual([{}, {}]);
});

const names: fc.Arbitrary<string> = fc.constantFrom('email', 'name', 'phone', 'constructor', '__proto__');

it('never tells a trait that a destination is not configured for', () =>
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), fc.array(names), (traits, wanted) => {
      const told = Object.keys(personalOf(personWith(traits), wanted));
      expect(told.filter((name) => !wanted.includes(name))).toEqual([]);
      expect(told.filter((name) => name !== 'email' && !Object.hasOwn(traits, name))).toEqual([]);
    }),
    { numRuns: numRuns(300) },
  ));
