import { expect, it } from 'vitest';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import { place } from '../../lambdas/core/placement.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile.ts';
import { configOf, eventOf } from '../fixtures/events.ts';

const at = '2026-05-01T10:00:00.000Z';
const seen = { first: at, last: at, linked: at };
const person = (profileId: string, createdAt: string, ...ids: string[]): Profile => ({
  ...newProfile(profileId, eventOf({ receivedAt: createdAt })),
  identifiers: new Map(ids.map((id) => [id as Identifier, seen])),
});

/** Placement of `ids` among `people`, said in ids. */
function placed(people: Profile[], ids: string[], rules: object = {}, receivedAt = at) {
  const ownerOf = (id: Identifier) => people.find(({ identifiers }) => identifiers.has(id));
  const { profiles, identifiers, dropped } = place({ identifiers: ids as Identifier[], receivedAt }, ownerOf, configOf({ identity: rules }).identity);
  return { profiles: profiles.map(({ profileId }) => profileId), identifiers, dropped: dropped.map(({ identifier }) => identifier) };
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
  { name: 'a late one would make three in one week: it yields', linked: [1, 2, 15], at: 5, dropped: ['email:new@x.org'] },
])('two a week: $name', ({ linked, at: n, dropped }) => {
  const limits = { limits: { email: { max: 2, window: 'weekly' } } };
  expect(placed([withEmails(...linked)], ['user_id:u', 'email:new@x.org'], limits, may(n)).dropped).toEqual(dropped);
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
  { name: 'too many merges within the hour', rules: { breaker: { merges: 2, minutes: 90 } }, capped: 'breaker of 2 merges in 90 minutes' },
  { name: 'as many merges, but spread over time', rules: { breaker: { merges: 2, minutes: 30 } }, capped: undefined },
])('caps: $name', ({ rules, capped }) => {
  const people = [mergedAt('p1', 'user_id:u', hour(1), hour(9)), mergedAt('p2', 'anonymous_id:a', hour(10))];
  expect(capsOf(people, ['user_id:u', 'phone:+1', 'anonymous_id:a'], rules, hour(10))).toBe(capped);
});

it('a profile at its cap still takes events that add nothing', () => {
  const full = person('p1', '1', 'user_id:u', 'anonymous_id:a');
  expect(capsOf([full], ['user_id:u', 'anonymous_id:a'], { caps: { identifiers: 1 } }, hour(1))).toBeUndefined();
});
