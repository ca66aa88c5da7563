import { expect, it } from 'vitest';
import { announcing } from '../../../lambdas/core/destinations/announcement.ts';
import { MembershipChange } from '../../../lambdas/core/destinations/audience-event.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { audienceEvent } from '../../fixtures/told.ts';

const { identity } = configOf();
const seenAt = (n: number) => ({ first: minute(n), last: minute(n), linked: minute(n) });
const person = (ids: [Identifier, number][], more: Partial<Profile> = {}): Profile => ({
  ...newProfile('p1', eventOf({ timestamp: minute(5) })),
  identifiers: new Map(ids.map(([id, n]) => [id, seenAt(n)])),
  ...more,
});
const traitOf = (value: unknown) => ({ value, timestamp: minute(1), messageId: 'm', sourceId: 'shop' });
const member = { segments: new Map([['vip', minute(2)]]) };
const told = (profile: Profile, segment = 'vip') => audienceEvent(profile, segment, identity, minute(9));

it('says since when a member is one, and of another when it was told', () => {
  const ann = person([['user_id:ann', 1]]);
  expect(told({ ...ann, ...member })).toMatchObject({
    event: 'Audience Entered',
    timestamp: minute(2),
    properties: { audience_key: 'vip', vip: true },
  });
  expect(told(ann)).toMatchObject({
    event: 'Audience Exited',
    timestamp: minute(9),
    properties: { audience_key: 'vip', vip: false },
  });
});

it('says the key of a segment that has the name of a property', () =>
  expect(told(person([]), 'audience_key').properties).toEqual({ audience_key: 'audience_key' }));

it.each<{ name: string; ids: [Identifier, number][]; ids_told: object }>([
  {
    name: 'a user by user id alone',
    ids: [
      ['user_id:ann', 1],
      ['anonymous_id:a', 0],
    ],
    ids_told: { userId: 'ann' },
  },
  {
    name: 'somebody anonymous by the device seen first',
    ids: [
      ['anonymous_id:b', 2],
      ['anonymous_id:a', 1],
    ],
    ids_told: { anonymousId: 'a' },
  },
  {
    name: 'somebody known by email by their device',
    ids: [
      ['email:a@x.org', 1],
      ['anonymous_id:a', 1],
    ],
    ids_told: { anonymousId: 'a' },
  },
  { name: 'somebody with neither by the profile', ids: [['phone:+12015550123', 1]], ids_told: { anonymousId: 'p1' } },
  { name: 'nobody but the profile', ids: [], ids_told: { anonymousId: 'p1' } },
])('names $name', ({ ids, ids_told }) => {
  const { userId, anonymousId } = told(person(ids));
  expect({ ...(userId !== undefined && { userId }), ...(anonymousId !== undefined && { anonymousId }) }).toEqual(
    ids_told,
  );
});

it.each<{ name: string; profile: Profile; traits: object }>([
  {
    name: 'as it was said',
    profile: person([['email:ann@x.org', 1]], { traits: new Map([['email', traitOf('Ann@x.org')]]) }),
    traits: { email: 'Ann@x.org' },
  },
  {
    name: 'as it identifies, where it was not said',
    profile: person([
      ['email:b@x.org', 2],
      ['email:a@x.org', 1],
    ]),
    traits: { email: 'a@x.org' },
  },
  {
    name: 'not at all where it was removed',
    profile: person([['email:a@x.org', 1]], { traits: new Map([['email', traitOf(null)]]) }),
    traits: {},
  },
  {
    name: 'not at all where it is blank',
    profile: person([['email:a@x.org', 1]], { traits: new Map([['email', traitOf(' ')]]) }),
    traits: {},
  },
  { name: 'not at all where there is none', profile: person([['user_id:ann', 1]]), traits: {} },
])('gives the email address $name', ({ profile, traits }) => expect(told(profile).context.traits).toEqual(traits));

it.each([
  { profileId: '', segment: 'vip', change: 'entered' },
  { profileId: 'p1', segment: '', change: 'entered' },
  { profileId: 'p1', segment: 'vip', change: 'left' },
  { profileId: 'p1', segment: 'vip' },
])('refuses the news %j', (news) => expect(MembershipChange.safeParse(news).success).toBe(false));

it.each(['entered', 'exited'])('reads the news that somebody %s', (change) =>
  expect(MembershipChange.parse({ profileId: 'p', segment: 'v', change })).toEqual({
    profileId: 'p',
    segment: 'v',
    change,
  }),
);

it.each([
  { name: 'nobody', destinations: [], told: [] },
  {
    name: 'who has its segment',
    destinations: [
      ['crm', 'vip'],
      ['mail', 'lapsed'],
    ],
    told: ['crm'],
  },
  {
    name: 'several, in the order of the configuration',
    destinations: [
      ['mail', 'new', 'vip'],
      ['crm', 'vip'],
    ],
    told: ['mail', 'crm'],
  },
  { name: 'somebody once who names it twice', destinations: [['crm', 'vip', 'vip']], told: ['crm'] },
])('announces a change to $name', ({ destinations, told: ids }) => {
  const change = { profileId: 'p1', segment: 'vip', change: 'entered' } as const;
  const configured = destinations.map(([id = '', ...segments]) => ({
    id,
    segments,
    traits: segments,
  }));
  expect(announcing(configured)(change)).toEqual({ ...change, destinations: ids });
  const news = { profileId: 'p1', trait: 'vip' };
  expect(announcing(configured)(news)).toEqual({ ...news, destinations: ids });
  const told = configured.map((each) => ({ ...each, traits: [] }));
  expect(announcing(told)(news)).toEqual({ ...news, destinations: [] });
});
