import { expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { identifierBytes, place } from '../../../lambdas/core/stitching/placement/placement.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const at = '2026-05-01T10:00:00.000Z';
const seen = { first: at, last: at, linked: at };
const person = (profileId: string, createdAt: string, ...ids: string[]): Profile => ({
  ...newProfile(profileId, eventOf({ receivedAt: createdAt })),
  identifiers: new Map(ids.map((id) => [id as Identifier, seen])),
});

/** Placement of `ids` among `people`, said in ids. */
function placed(people: Profile[], ids: string[], rules: object = {}, receivedAt = at) {
  const ownerOf = (id: Identifier) => people.find(({ identifiers }) => identifiers.has(id));
  const { profiles, identifiers, dropped } = place(
    { identifiers: ids as Identifier[], receivedAt },
    ownerOf,
    configOf({ identity: rules }).identity,
  );
  return {
    profiles: profiles.map(({ profileId }) => profileId),
    identifiers,
    dropped: dropped.map(({ identifier }) => identifier),
  };
}

it.each([
  {
    name: 'nobody knows them: a new profile',
    people: [],
    ids: ['user_id:u', 'anonymous_id:a'],
    placement: { profiles: [], identifiers: ['user_id:u', 'anonymous_id:a'], dropped: [] },
  },
  {
    name: 'one knows some: the others are linked',
    people: [person('p1', '1', 'anonymous_id:a')],
    ids: ['user_id:u', 'anonymous_id:a'],
    placement: { profiles: ['p1'], identifiers: ['user_id:u', 'anonymous_id:a'], dropped: [] },
  },
  {
    name: 'two know them: they merge, the older first',
    people: [person('p1', '2', 'anonymous_id:a'), person('p2', '1', 'user_id:u')],
    ids: ['user_id:u', 'anonymous_id:a'],
    placement: { profiles: ['p2', 'p1'], identifiers: ['user_id:u', 'anonymous_id:a'], dropped: [] },
  },
  {
    name: 'created at the same instant: the smaller id is the older',
    people: [person('p2', '1', 'anonymous_id:a'), person('p1', '1', 'user_id:u')],
    ids: ['user_id:u', 'anonymous_id:a'],
    placement: { profiles: ['p1', 'p2'], identifiers: ['user_id:u', 'anonymous_id:a'], dropped: [] },
  },
  {
    name: "a shared device stays with its first owner (Segment's worked example has an email in its place)",
    people: [person('p1', '1', 'user_id:abc123', 'email:jane@x.org')],
    ids: ['user_id:abc456', 'email:jane@x.org'],
    placement: { profiles: [], identifiers: ['user_id:abc456'], dropped: ['email:jane@x.org'] },
  },
  {
    name: 'the second user of a device who is known already keeps their own profile',
    people: [person('p1', '1', 'user_id:x', 'anonymous_id:d'), person('p2', '2', 'user_id:y')],
    ids: ['user_id:y', 'anonymous_id:d'],
    placement: { profiles: ['p2'], identifiers: ['user_id:y'], dropped: ['anonymous_id:d'] },
  },
  {
    name: 'one by one, the least trusted first, and no more than must',
    people: [person('p1', '1', 'user_id:x', 'anonymous_id:d')],
    ids: ['user_id:y', 'email:y@x.org', 'anonymous_id:d'],
    placement: { profiles: [], identifiers: ['user_id:y', 'email:y@x.org'], dropped: ['anonymous_id:d'] },
  },
  {
    name: 'two when two must',
    people: [person('p1', '1', 'user_id:x', 'email:x@x.org', 'anonymous_id:d')],
    ids: ['user_id:y', 'email:x@x.org', 'anonymous_id:d'],
    placement: { profiles: [], identifiers: ['user_id:y'], dropped: ['anonymous_id:d', 'email:x@x.org'] },
  },
  {
    name: 'a type without a limit of its own has the one for the rest',
    people: [person('p1', '1', 'user_id:u', 'email:1@x.org', 'email:2@x.org')],
    ids: ['user_id:u', 'email:3@x.org'],
    limits: { defaultLimit: 2 },
    placement: { profiles: ['p1'], identifiers: ['user_id:u'], dropped: ['email:3@x.org'] },
  },
  {
    name: 'a type that reaches its limit takes the last',
    people: [person('p1', '1', 'user_id:u', 'email:1@x.org')],
    ids: ['user_id:u', 'email:2@x.org'],
    limits: { defaultLimit: 2 },
    placement: { profiles: ['p1'], identifiers: ['user_id:u', 'email:2@x.org'], dropped: [] },
  },
  {
    name: 'a type at its limit takes no more',
    people: [person('p1', '1', 'user_id:u', 'email:1@x.org', 'email:2@x.org')],
    ids: ['user_id:u', 'email:3@x.org'],
    limits: { limits: { user_id: { max: 1 }, email: { max: 2 } } },
    placement: { profiles: ['p1'], identifiers: ['user_id:u'], dropped: ['email:3@x.org'] },
  },
  {
    name: 'a profile already over a limit that was lowered still takes events that add nothing',
    people: [person('p1', '1', 'user_id:u', 'email:1@x.org', 'email:2@x.org')],
    ids: ['user_id:u', 'email:1@x.org'],
    limits: { limits: { email: { max: 1 } } },
    placement: { profiles: ['p1'], identifiers: ['user_id:u', 'email:1@x.org'], dropped: [] },
  },
])('$name', ({ people, ids, limits, placement }) => expect(placed(people, ids, limits)).toEqual(placement));

const may = (n: number): string => `2026-05-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const withEmails = (...days: number[]): Profile => ({
  ...person('p1', '1', 'user_id:u'),
  identifiers: new Map([
    ['user_id:u', seen] as const,
    ...days.map((n) => [`email:${n}@x.org`, { first: may(n), last: may(n), linked: may(n) }] as const),
  ]),
});

it.each([
  { name: 'two in the last week: a third yields', linked: [1, 3], at: 7, dropped: ['email:new@x.org'] },
  { name: 'one of two is a week old: a third fits', linked: [1, 3], at: 8, dropped: [] },
  { name: 'three fit in a month when two weeks lie between', linked: [1, 2, 15], at: 22, dropped: [] },
  { name: 'the same, in whatever order they came', linked: [15, 1, 2], at: 22, dropped: [] },
  {
    name: 'a late one would make three in one week: it yields',
    linked: [1, 2, 15],
    at: 5,
    dropped: ['email:new@x.org'],
  },
])('two a week: $name', ({ linked, at: n, dropped }) => {
  const limits = { limits: { email: { max: 2, window: 'weekly' } } };
  expect(placed([withEmails(...linked)], ['user_id:u', 'email:new@x.org'], limits, may(n)).dropped).toEqual(dropped);
});

it('an identifier said again is linked since it was first', () => {
  const limits = { limits: { email: { max: 2, window: 'weekly' } } };
  expect(placed([withEmails(1, 3)], ['user_id:u', 'email:1@x.org', 'email:new@x.org'], limits, may(9)).dropped).toEqual(
    [],
  );
});

const apartFrom = (one: Profile, ...ids: string[]): Profile => ({ ...one, apart: new Set(ids) });
const a = person('p1', '1', 'user_id:u');
const b = person('p2', '2', 'anonymous_id:d');
const intoWhich = (...ids: string[]): Profile => ({ ...b, merged: new Map(ids.map((id) => [id, at])) });

it.each([
  { name: 'as one was from the other', people: [apartFrom(a, 'p2'), b], merge: false },
  { name: 'as the other was from the one', people: [a, apartFrom(b, 'p1')], merge: false },
  { name: 'but not from strangers', people: [apartFrom(a, 'p3'), apartFrom(b, 'p4')], merge: true },
  {
    name: 'also from whom it has merged into',
    people: [apartFrom(a, 'p3', 'p4'), intoWhich('p5', 'p4')],
    merge: false,
  },
  { name: 'not from whom others have merged into', people: [apartFrom(a, 'p3'), intoWhich('p5')], merge: true },
  {
    name: 'not by what they have merged themselves',
    people: [{ ...apartFrom(a, 'p3'), merged: new Map([['p3', at]]) }, b],
    merge: true,
  },
])('who was parted stays apart, $name', ({ people, merge }) => {
  const ids = ['user_id:u', 'anonymous_id:d'];
  const ownerOf = (id: Identifier) => people.find(({ identifiers }) => identifiers.has(id));
  const { profiles, dropped } = place(
    { identifiers: ids as Identifier[], receivedAt: at },
    ownerOf,
    configOf().identity,
  );
  expect(profiles).toHaveLength(merge ? 2 : 1);
  expect(dropped).toEqual(merge ? [] : [{ identifier: 'anonymous_id:d', rule: 'unmerged' }]);
});

const mergedAt = (profileId: string, id: string, ...times: string[]): Profile => ({
  ...person(profileId, '1', id),
  merged: new Map(times.map((time, n) => [`${profileId}-${n}`, time])),
});
const hour = (n: number): string => `2026-05-01T${String(n).padStart(2, '0')}:00:00.000Z`;
const capsOf = (profiles: Profile[], ids: string[], rules: object, receivedAt: string) =>
  place(
    { identifiers: ids as Identifier[], receivedAt },
    (id) => profiles.find(({ identifiers }) => identifiers.has(id)),
    configOf({ identity: rules }).identity,
  ).capped;

it.each([
  { name: 'below every cap', rules: {}, capped: undefined },
  { name: 'too many identifiers', rules: { caps: { identifiers: 2 } }, capped: 'cap of 2 identifiers' },
  { name: 'too many merges', rules: { caps: { merges: 3 } }, capped: 'cap of 3 merges' },
  {
    name: 'too many merges within the hour',
    rules: { breaker: { merges: 2, minutes: 90 } },
    capped: 'breaker of 2 merges in 90 minutes',
  },
  { name: 'as many identifiers as the cap', rules: { caps: { identifiers: 3 } }, capped: undefined },
  { name: 'as many merges as the cap', rules: { caps: { merges: 4 } }, capped: undefined },
  {
    name: 'a merge as long ago as the breaker looks',
    rules: { breaker: { merges: 2, minutes: 60 } },
    capped: undefined,
  },
  {
    name: 'a merge a minute less long ago',
    rules: { breaker: { merges: 2, minutes: 61 } },
    capped: 'breaker of 2 merges in 61 minutes',
  },
  { name: 'as many merges, but spread over time', rules: { breaker: { merges: 2, minutes: 30 } }, capped: undefined },
])('caps: $name', ({ rules, capped }) => {
  const people = [mergedAt('p1', 'user_id:u', hour(1), hour(9)), mergedAt('p2', 'anonymous_id:a', hour(10))];
  expect(capsOf(people, ['user_id:u', 'phone:+1', 'anonymous_id:a'], rules, hour(10))).toBe(capped);
});

it.each([
  {
    name: 'a thousand ids of a browser fit',
    ids: Array.from({ length: 999 }, (_, n) => `anonymous_id:0196a3f0-c1d2-7000-8000-${String(n).padStart(12, '0')}`),
    capped: undefined,
  },
  {
    name: 'as many bytes as there are',
    ids: [`x:y${'é'.repeat((identifierBytes - 'user_id:u'.length - 'x:y'.length) / 2)}`],
    capped: undefined,
  },
  {
    name: 'a byte more',
    ids: [`x:yz${'é'.repeat((identifierBytes - 'user_id:u'.length - 'x:y'.length) / 2)}`],
    capped: `cap of ${identifierBytes} bytes of identifiers`,
  },
])('identifiers always fit their profile: $name', ({ ids, capped }) =>
  expect(capsOf([person('p1', '1', 'user_id:u')], ['user_id:u', ...ids], { defaultLimit: 1000 }, hour(1))).toBe(capped),
);

it('a profile at its cap still takes events that add nothing', () => {
  const full = person('p1', '1', 'user_id:u', 'anonymous_id:a');
  expect(capsOf([full], ['user_id:u', 'anonymous_id:a'], { caps: { identifiers: 1 } }, hour(1))).toBeUndefined();
});

it('a profile that merged often takes identifiers that nobody has', () => {
  const often = mergedAt('p1', 'user_id:u', hour(1), hour(1), hour(1));
  expect(
    capsOf([often], ['user_id:u', 'anonymous_id:new'], { caps: { merges: 2 }, breaker: { merges: 2 } }, hour(1)),
  ).toBeUndefined();
});
