import { expect, it } from 'vitest';
import { type Absorbed, hideBehind, lostBy, unclaimed } from '../../lambdas/core/absorbed.ts';
import { displacedBy, type Facts, joinFacts, takeOut } from '../../lambdas/core/facts.ts';
import type { Group } from '../../lambdas/core/group.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import { draftOf, newProfile, type Profile } from '../../lambdas/core/profile.ts';
import { eventOf, minute } from '../fixtures/events.ts';

const seen = { first: minute(1), last: minute(1), linked: minute(1) };
const person = (profileId: string, facts: Partial<Profile> = {}): Profile => ({ ...newProfile(profileId, eventOf({})), ...facts });
const trait = (value: string, n: number) => ({ value, timestamp: minute(n), messageId: `m${n}`, sourceId: 'shop' });
const marked = (...marks: string[]) => ({ marks: new Map(marks.map((mark) => [mark, 1])) });
const { traits, accounts, segments, marks, touches, recent, apart } = person('nobody');
const nothing: Facts = { traits, accounts, segments, marks, touches, recent, apart };
const lost = (profile: Profile, countedTwice = 0): Absorbed => ({ profile, version: 3, displaced: nothing, countedTwice });

const groupOf = (profile: Profile, more: Partial<Group> = {}): Group => ({
  ...{ draft: draftOf(profile), bases: [], absorbed: [], named: new Set(), claimed: new Set(), released: new Set(), sightings: [], log: [] },
  ...more,
});

it('counts the messages that both had counted, beside those that were before', () => {
  const survivor = person('p1', marked('a', 'b', 'c'));
  expect(hideBehind(survivor, lost(person('p2', marked('b', 'c', 'd')), 1)).countedTwice).toBe(3);
  expect(hideBehind(survivor, lost(person('p2', marked('x')))).countedTwice).toBe(0);
});

it('keeps what the survivor said and can no longer tell, beside what was hidden before', () => {
  const survivor = person('p1', { traits: new Map([['plan', trait('old', 1)]]) });
  const gone = person('p2', { traits: new Map([['plan', trait('new', 2)]]) });
  const before = { ...lost(gone), displaced: { ...nothing, traits: new Map([['city', trait('Oslo', 1)]]) } };
  expect([...hideBehind(survivor, before).displaced.traits.keys()].sort()).toEqual(['city', 'plan']);
  expect(hideBehind(survivor, lost(gone))).toMatchObject({ profile: gone, version: 3 });
});

it('takes off what its batch claims, which the survivor claims', () => {
  const ids = new Map<Identifier, typeof seen>([
    ['user_id:u', seen],
    ['anonymous_id:a', seen],
  ]);
  const profile = person('p1', { identifiers: ids });
  expect([...unclaimed(groupOf(profile, { claimed: new Set(['anonymous_id:a']) })).identifiers.keys()]).toEqual(['user_id:u']);
  const group = groupOf(profile);
  expect(unclaimed(group)).toBe(group.draft);
});

it('loses the stored profile of a group, which is the one of its own id, and those it absorbed before', () => {
  const [own, other] = [person('p1'), person('p0')];
  const bases = [
    { profile: other, version: 9 },
    { profile: own, version: 4 },
  ];
  const absorbed = [lost(person('p5'))];
  expect(lostBy(groupOf(own, { bases, absorbed })).map(({ profile, version }) => [profile.profileId, version])).toEqual([
    ['p1', 4],
    ['p5', 3],
  ]);
  expect(lostBy(groupOf(own, { bases: [], absorbed }))).toEqual(absorbed);
  const alone = person('p1', { eventCount: 2 });
  expect(lostBy(groupOf(own, { bases, alone }))[0]).toEqual({ profile: alone, version: 4, displaced: nothing, countedTwice: 0 });
});

it('keeps apart whom either kept apart, and gives back only what nobody else says', () => {
  const [a, b] = [
    { ...nothing, apart: new Set(['x', 'y']) },
    { ...nothing, apart: new Set(['y', 'z']) },
  ];
  expect(displacedBy(a, b).apart).toEqual(new Set(['y']));
  const both = joinFacts(a, b);
  expect(both.apart).toEqual(new Set(['x', 'y', 'z']));
  expect(takeOut(both, b, displacedBy(a, b), []).apart).toEqual(new Set(['x', 'y']));
  expect(takeOut(both, b, nothing, []).apart).toEqual(new Set(['x']));
  expect(takeOut(both, b, nothing, [{ ...nothing, apart: new Set(['z']) }]).apart).toEqual(new Set(['x', 'z']));
});

it('hides no account that only one of the two knew', () => {
  const knowing = (...ids: string[]): Facts => ({ ...nothing, accounts: new Map(ids.map((id) => [id, seen])) });
  expect([...displacedBy(knowing('acme', 'own'), knowing('acme', 'other')).accounts.keys()]).toEqual(['acme']);
});
