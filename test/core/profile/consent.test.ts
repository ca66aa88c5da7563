import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import {
  type ConsentStatement,
  categoryOf,
  consentKey,
  consentOf,
  joinConsent,
  speakerOf,
  statementsOf,
} from '../../../lambdas/core/profile/consent.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { packProfile, unpackProfile } from '../../../lambdas/core/table/profile-packing.ts';
import { eventOf, minute } from '../../fixtures/events.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

const stated = (granted: boolean, n: number, messageId = 'm1') => ({ granted, timestamp: minute(n), messageId });

it.each([
  { name: 'the later', a: stated(false, 1), b: stated(true, 2), stands: stated(true, 2) },
  {
    name: 'of one instant the stricter',
    a: stated(true, 1, 'm2'),
    b: stated(false, 1, 'm1'),
    stands: stated(false, 1, 'm1'),
  },
  {
    name: 'of one message of two sources the greater source',
    a: { ...stated(true, 1), sourceId: 'app' },
    b: { ...stated(true, 1), sourceId: 'web' },
    stands: { ...stated(true, 1), sourceId: 'web' },
  },
  {
    name: 'of two alike the greater message',
    a: stated(true, 1, 'm1'),
    b: stated(true, 1, 'm2'),
    stands: stated(true, 1, 'm2'),
  },
])('of two statements stands $name, whichever came first', ({ a, b, stands }) => {
  expect(joinConsent(a, b)).toEqual(stands);
  expect(joinConsent(b, a)).toEqual(stands);
  expect(joinConsent(undefined, a)).toBe(a);
});

const saying = (categoryPreferences: unknown) =>
  eventOf({ messageId: 'm1', timestamp: minute(1), userId: 'u', context: { consent: { categoryPreferences } } });

it.each([
  {
    name: 'a yes and a no',
    preferences: { ads: true, mail: false },
    keys: [
      ['ads|anonymous_id:a', true],
      ['mail|anonymous_id:a', false],
    ],
  },
  { name: 'text, which is neither', preferences: { ads: 'true', mail: null }, keys: [] },
  { name: 'no preferences', preferences: undefined, keys: [] },
])('$name, under the device it was said on', ({ preferences, keys }) => {
  const statements = statementsOf(saying(preferences), ['user_id:u', 'anonymous_id:a']);
  const said = { timestamp: minute(1), messageId: 'm1', sourceId: 'shop' };
  expect(statements).toEqual(keys.map(([key, granted]) => [key, { granted, ...said }]));
});

it('counts for nobody when nobody is named, or nothing is said', () => {
  expect(statementsOf(saying({ ads: true }), [])).toEqual([]);
  expect(statementsOf(eventOf({ userId: 'u' }), ['user_id:u'])).toEqual([]);
});

type Said = readonly [at: number, identifiers: readonly Identifier[], ads: boolean];
it.each(sharedCases<{ said: readonly Said[] }, boolean>('consent/elsewhere'))('$name', ({ input, expected }) => {
  const consent = new Map<string, ConsentStatement>();
  for (const [at, identifiers, ads] of input.said) {
    const theirs = identifiers.filter((id) => ['user_id:u', 'anonymous_id:own'].includes(id));
    const event = { ...saying({ ads }), timestamp: minute(at) };
    for (const [key, statement] of statementsOf(event, theirs, theirs.at(-1) !== identifiers.at(-1)))
      consent.set(key, joinConsent(consent.get(key), statement));
  }
  expect(consentOf(consent)).toEqual(new Map([['ads', expected]]));
  for (const key of consent.keys()) expect(speakerOf(key)).toMatch(/^(user_id:u|anonymous_id:own)$/);
});

it('grants what nobody refused', () =>
  expect(
    consentOf(
      new Map([
        ['ads|a:1', stated(true, 1)],
        ['ads|a:2', stated(false, 1)],
        ['ads|a:3', stated(true, 1)],
        ['mail|a:1', stated(true, 1)],
      ]),
    ),
  ).toEqual(
    new Map([
      ['ads', false],
      ['mail', true],
    ]),
  ));

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('|', '%', ':', '7', 'C', '2', '5', '\\', '\n', 'a') }),
);
const speakers = fc
  .tuple(fc.constantFrom('user_id', 'a.b-c'), text)
  .map(([type, value]): Identifier => `${type}:${value}`);

it('parts category and identifier of any text again, also as they are stored', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, speakers, fc.boolean(), fc.constantFrom(undefined, 'web'), fc.boolean()), {
        maxLength: 5,
      }),
      (all) => {
        for (const [category, speaker, , , isElsewhere] of all) {
          const key = consentKey(category, speaker, isElsewhere);
          expect([categoryOf(key), speakerOf(key)]).toEqual([category, speaker]);
        }
        const consent = new Map(
          all.map(([category, speaker, granted, sourceId, isElsewhere]) => [
            consentKey(category, speaker, isElsewhere),
            { ...stated(granted, 1), ...(sourceId && { sourceId }) },
          ]),
        );
        const stored = packProfile({ ...newProfile('p', eventOf({})), consent });
        expect(unpackProfile(stored).consent).toEqual(consent);
      },
    ),
  ));

it('reads what was stored as one text by the identifiers that the profile has', () => {
  const seen = ['1', '1', '1'];
  const stored = {
    identifiers: JSON.stringify([
      ['user_id:u', ...seen],
      ['anonymous_id:x|y', ...seen],
    ]),
    consent: JSON.stringify([
      ['ads|user_id:u', 1, '1', 'm1'],
      ['a|b|user_id:u', 0, '1', 'm1'],
      ['100%|anonymous_id:x|y', 0, '1', 'm1'],
      ['ads|user_id:gone', 1, '1', 'm1'],
    ]),
  };
  expect([...unpackProfile(stored).consent.keys()].map((key) => [categoryOf(key), speakerOf(key)])).toEqual([
    ['ads', 'user_id:u'],
    ['a|b', 'user_id:u'],
    ['100%', 'anonymous_id:x|y'],
    ['ads', 'user_id:gone'],
  ]);
});
