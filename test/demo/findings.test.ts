import { beforeAll, describe, expect, it } from 'vitest';
import { config as example } from '../../cdp.config.ts';
import { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import type { Rule } from '../../lambdas/core/segments/language/rule.ts';
import { type Audience, audienceStory } from '../../local/demo/findings/advertising.ts';
import { countsOf, differences, type Measured } from '../../local/demo/findings/findings.ts';
import {
  advertisingChanged,
  checkedRecipes,
  checkedSegments,
  ofTheDemo,
} from '../../local/demo/findings/own-changes.ts';
import { customersOf, membershipsOf, recipeCounts, recipeDifferences } from '../../local/demo/findings/recipes.ts';
import { storyOf } from '../../local/demo/findings/story.ts';
import { demoSegments, type Truth, truthOf } from '../../local/demo/findings/truth.ts';
import { readOrdersFile } from '../../local/demo/shop/orders-file.ts';
import { type Script, writeScript } from '../../local/demo/shop/script.ts';
import { playInMemory, receiptDay } from './shop-in-memory.ts';

const any = { messageId: 'm', receivedAt: 0, body: {} };
let script: Script;
let truth: Truth;
let played: Measured;
let measured: Measured;

beforeAll(async () => {
  script = writeScript({ orders: await readOrdersFile(), now: new Date('2026-03-14T15:09:26Z'), seed: 1 });
  truth = truthOf(script);
  played = await playInMemory(script);
  measured = ofTheDemo(truth, checkedSegments(CdpConfig.parse(example)), played).measured;
});

it('is what the real stitching gives, person by person', () => {
  expect(differences(truth, measured)).toEqual([]);
  expect(countsOf(truth, measured).filter((count) => count.expected !== count.measured)).toEqual([]);
});

it('is what the real stitching gives of the recipes, too', () => {
  const { keys } = checkedRecipes(CdpConfig.parse(example));
  const stores = { live: played.profiles.live, lake: played.lake.people, deliveries: [] };
  const found = membershipsOf(customersOf(script, receiptDay), keys, receiptDay, stores);
  expect(recipeDifferences(found)).toEqual([]);
  const members = new Map(recipeCounts(found).map(({ recipe, expected }) => [recipe, expected]));
  for (const recipe of ['lapsed_vips', 'stopped_visiting', 'win_back'])
    expect(members.get(recipe), recipe).toBeGreaterThan(5);
});

describe('a deviation is found and named', () => {
  const withMember = (change: (profile: Profile) => Partial<Profile>): Measured => {
    const member = measured.profiles.live.findIndex(({ segments }) => segments.size > 0);
    const live = measured.profiles.live.map((profile, index) =>
      index === member ? { ...profile, ...change(profile) } : profile,
    );
    return { ...measured, profiles: { ...measured.profiles, live } };
  };
  const withLakePeople = (change: (people: Measured['lake']['people']) => Measured['lake']['people']): Measured => ({
    ...measured,
    lake: { ...measured.lake, people: change(measured.lake.people) },
  });
  const withoutLast = <K, V>(map: ReadonlyMap<K, V>) => new Map([...map].slice(0, -1));

  it.each<{ name: string; deviate: () => Measured; says: RegExp }>([
    { name: 'a lost call', deviate: () => ({ ...measured, accepted: measured.accepted - 1 }), says: /^calls sent/ },
    {
      name: 'a lost event in the lake',
      deviate: () => ({ ...measured, rawZone: { ids: ['m'], imported: new Map() } }),
      says: /^events kept as received .* got 1$/,
    },
    {
      name: 'a missing merge',
      deviate: () => ({
        ...measured,
        profiles: { ...measured.profiles, tombstones: measured.profiles.tombstones - 1 },
      }),
      says: /^merges/,
    },
    {
      name: 'a lost person',
      deviate: () => ({ ...measured, profiles: { ...measured.profiles, live: measured.profiles.live.slice(1) } }),
      says: /has no profile$/,
    },
    {
      name: 'an event counted twice',
      deviate: () => withMember(({ eventCount }) => ({ eventCount: eventCount + 1 })),
      says: /: events must be/,
    },
    {
      name: 'a lost trait',
      deviate: () => withMember(({ traits }) => ({ traits: withoutLast(traits) })),
      says: /: traits must be .* and are /,
    },
    {
      name: 'a lost identifier',
      deviate: () => withMember(({ identifiers }) => ({ identifiers: withoutLast(identifiers) })),
      says: /: identifiers must be .* and are /,
    },
    {
      name: 'a lost membership',
      deviate: () => withMember(() => ({ segments: new Map() })),
      says: /: segments must be .* and are none/,
    },
    {
      name: 'an event that is not in the lake',
      deviate: () => ({ ...measured, lake: { ...measured.lake, events: 1 } }),
      says: /^events \(lake\): expected .* got 1$/,
    },
    {
      name: 'a person that is not in the lake',
      deviate: () => withLakePeople((people) => people.slice(1)),
      says: /is in the table and not in the lake$/,
    },
    {
      name: 'a person that is only in the lake',
      deviate: () =>
        withLakePeople((people) => people.map((person, n) => (n === 0 ? { ...person, profileId: 'per_x' } : person))),
      says: /^per_x is in the lake and not in the table$/,
    },
    {
      name: 'another trait in the lake',
      deviate: () =>
        withLakePeople((people) => people.map((person, n) => (n === 0 ? { ...person, traits: { x: 1 } } : person))),
      says: /: traits are .* in the table and .*"x",1.* in the lake$/,
    },
    {
      name: 'an undelivered entry',
      deviate: () => ({ ...measured, deliveries: measured.deliveries.slice(1) }),
      says: /^the webhook did not receive/,
    },
    {
      name: 'somebody who consented to advertising and is not advertised to',
      deviate: () => ({ ...measured, advertised: measured.advertised.slice(1) }),
      says: /^the advertising tool was not told: customer-\d+ entered big_spenders$/,
    },
    ...[
      { who: () => [...(truth.audience?.refused ?? [])][0], why: 'refused' },
      { who: () => [...(truth.audience?.silent ?? [])][0], why: 'said nothing' },
      { who: () => 'nobody', why: 'is no member' },
    ].map(({ who, why }) => ({
      name: `advertising to somebody who ${why}`,
      deviate: (): Measured => {
        const told = { ...any, who: who() ?? '', segment: 'big_spenders', change: 'entered' as const };
        return { ...measured, advertised: [...measured.advertised, told] };
      },
      says: new RegExp(`^the advertising tool was told about somebody who ${why}: `),
    })),
    {
      name: 'a delivery too many',
      deviate: () => ({
        ...measured,
        deliveries: [...measured.deliveries, { who: 'nobody', segment: 'vip', change: 'exited', ...any }],
      }),
      says: /^the webhook received, but should not: nobody vip exited/,
    },
  ])('$name', ({ deviate, says }) => {
    expect(differences(truth, deviate())).toContainEqual(expect.stringMatching(says));
  });

  it('but not when a delivery is repeated, for deliveries are made at least once', () => {
    const repeated = { ...measured, deliveries: [...measured.deliveries, ...measured.deliveries.slice(0, 1)] };
    expect(differences(truth, repeated)).toEqual([]);
  });
});

it('leaves people out of advertising who refused, and who said nothing', () => {
  const audience = truth.audience as Audience;
  for (const some of Object.values(audience)) expect(some.size).toBeGreaterThan(20);
  const all = [...truth.profiles.values()].filter(({ segments }) => segments.has('big_spenders')).length;
  const left = audience.refused.size + audience.silent.size;
  expect(audienceStory(audience)).toContain(`Of ${all} big spenders`);
  expect(audienceStory(audience)).toContain(`${left} were left out for lack of consent`);
  expect(countsOf(truth, measured)).toContainEqual(
    expect.objectContaining({ what: 'big_spenders left out for lack of consent', expected: left, measured: left }),
  );
});

it('has nobody in a segment who refuses profiles, though some of them would be in it', () => {
  const refusing = [...script.consents].flatMap(([who, says]) => (says.personalization === false ? [who] : []));
  const customers = script.people.filter(({ userId }) => refusing.includes(userId));
  expect(customers.filter(({ orders }) => orders.length >= 3).length).toBeGreaterThan(0);
  for (const { userId } of customers) expect(truth.profiles.get(userId)?.segments).toEqual(new Set());
});

it('tells the story of somebody who was several nobodies first', () => {
  const story = storyOf(script, measured.profiles.live, measured.deliveries).join('\n');
  expect(story).toMatch(/second device/);
  expect(story).toMatch(/third device/);
  expect(story).toMatch(/entered repeat_buyers/);
});

describe("what is the user's own is left out and told", () => {
  const config = CdpConfig.parse(example);
  const checkedWith = (changes: Partial<typeof config>) => checkedSegments({ ...config, ...changes });
  const own = { key: 'loyal', name: 'Mine', where: config.segments[0]?.where as Rule };

  it.each([
    { name: 'nothing', changes: {}, keys: ['big_spenders', 'repeat_buyers', 'newsletter'], told: [] },
    {
      name: 'a segment',
      changes: { segments: [...config.segments, own] },
      keys: ['big_spenders', 'repeat_buyers', 'newsletter'],
      told: ['segment loyal is yours'],
    },
    {
      name: 'a segment that is gone',
      changes: { segments: config.segments.slice(1) },
      keys: ['repeat_buyers', 'newsletter'],
      told: ['segment big_spenders is not in cdp.config.ts'],
    },
    {
      name: 'another condition',
      changes: { segments: config.segments.map((segment) => ({ ...segment, where: own.where })) },
      keys: ['big_spenders'],
      told: [
        'segment repeat_buyers has another condition in cdp.config.ts',
        'segment newsletter has another condition in cdp.config.ts',
      ],
    },
    {
      name: 'purposes',
      changes: { purposes: config.purposes.slice(1) },
      keys: [],
      told: ['the purposes in cdp.config.ts are yours, and so is who is in segments'],
    },
    {
      name: 'no destination',
      changes: { destinations: [] },
      keys: [],
      told: [...demoSegments.keys()].map((key) => `segment ${key} has no destination`),
    },
  ])('$name', ({ changes, keys, told }) => expect(checkedWith(changes)).toEqual({ keys: new Set(keys), told }));

  it.each([
    { name: 'as it was', changes: {}, told: [] },
    { name: 'gone', changes: { destinations: config.destinations.slice(0, 1) }, told: ['ads'] },
    {
      name: 'for everybody',
      changes: { destinations: config.destinations.map((each) => ({ ...each, uses: [] })) },
      told: ['ads'],
    },
  ])('an advertising tool that is $name', ({ changes, told }) =>
    expect(advertisingChanged({ ...config, ...changes })).toEqual(
      told.map((id) => `destination ${id} is not in cdp.config.ts as it was`),
    ),
  );

  it("a segment, people and events of one's own change nothing of what is compared", () => {
    const inOwn = (segments: ReadonlyMap<string, string>) =>
      new Map([...segments, ['loyal', '2026-01-01T00:00:00.000Z']]);
    const [anybody] = measured.profiles.live as [Profile];
    const stranger = {
      ...anybody,
      profileId: 'per_mine',
      identifiers: new Map([['user_id:me' as const, { first: '', last: '', linked: '' }]]),
      merged: new Map([['per_x', '']]),
    };
    const live = [
      ...measured.profiles.live.map((profile) => ({ ...profile, segments: inOwn(profile.segments) })),
      stranger,
    ];
    const strange = { profileId: 'per_mine', eventCount: 2, identifiers: ['user_id:me'], traits: {}, segments: [] };
    const all: Measured = {
      ...measured,
      rawZone: { ...measured.rawZone, ids: [...measured.rawZone.ids, 'mine-1', 'mine-2', 'mine-2'] },
      profiles: { live, tombstones: measured.profiles.tombstones + 1 },
      deliveries: [
        ...measured.deliveries,
        { who: 'me', segment: 'newsletter', change: 'entered', ...any },
        { who: 'u', segment: 'loyal', change: 'entered', ...any },
      ],
      lake: {
        ...measured.lake,
        events: measured.lake.events + 2,
        customers: measured.lake.customers + 1,
        people: [
          ...measured.lake.people.map((person) => ({ ...person, segments: [...person.segments, 'loyal'] })),
          strange,
        ],
      },
    };
    const { measured: demo, told } = ofTheDemo(truth, checkedWith({ segments: [...config.segments, own] }), all);
    expect(differences(truth, demo)).toEqual([]);
    expect(told).toEqual(['segment loyal is yours', '2 events and 1 people that the demo did not send']);
  });

  it("but what is wrong with the demo's own people stays a difference", () => {
    const { measured: demo } = ofTheDemo(truth, checkedWith({}), {
      ...measured,
      profiles: { ...measured.profiles, live: measured.profiles.live.slice(1) },
    });
    expect(differences(truth, demo)).toContainEqual(expect.stringMatching(/has no profile$/));
  });
});
