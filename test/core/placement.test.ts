import { expect, it } from 'vitest';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import { place } from '../../lambdas/core/placement.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile.ts';
import { configOf, eventOf } from '../fixtures/events.ts';

const seen = { first: '2026-05-01T10:00:00.000Z', last: '2026-05-01T10:00:00.000Z' };
const person = (profileId: string, createdAt: string, ...ids: string[]): Profile => ({
  ...newProfile(profileId, eventOf({ receivedAt: createdAt })),
  identifiers: new Map(ids.map((id) => [id as Identifier, seen])),
});

/** Placement of `ids` among `people`, said in ids. */
function placed(people: Profile[], ids: string[], limits: object = {}) {
  const ownerOf = (id: Identifier) => people.find(({ identifiers }) => identifiers.has(id));
  const { profiles, identifiers, dropped } = place(ids as Identifier[], ownerOf, configOf({ identity: limits }).identity);
  return { profiles: profiles.map(({ profileId }) => profileId), identifiers, dropped };
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
