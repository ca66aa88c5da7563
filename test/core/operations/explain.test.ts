import { expect, it } from 'vitest';
import { formerName } from '../../../lambdas/core/identifiers/former-name.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { explain, type Owner } from '../../../lambdas/core/operations/explain.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Tombstone } from '../../../lambdas/core/table/profile-item.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const made = (profileId: string, n: number): Profile =>
  newProfile(profileId, eventOf({ receivedAt: minute(n), timestamp: minute(n) }));
const seen = (n: number) => ({ first: minute(n), last: minute(n + 10), linked: minute(n) });
const live: Profile = {
  ...made('p1', 1),
  eventCount: 7,
  identifiers: new Map([
    ['email:e@x.org', seen(3)],
    ['anonymous_id:a', seen(2)],
    ['user_id:u', seen(1)],
  ]),
  merged: new Map([
    ['p2', minute(5)],
    ['p3', minute(4)],
  ]),
  apart: new Set(['p9']),
};
const gone = { profile: made('p2', 3), mergedInto: 'p1', messageId: 'm5', at: minute(5) } as Tombstone;
const owners = new Map<Identifier, Owner>([
  ['user_id:u', { profileId: 'p1', messageId: 'm1', at: minute(1) }],
  ['email:e@x.org', { profileId: 'p2', messageId: 'm3', at: minute(3) }],
]);
const told = (tombstones: ReadonlyMap<string, Tombstone>, known = owners) =>
  explain({ live: { profile: live, version: 1 }, tombstones }, known);

it('tells of each identifier when, by which message and rule it was linked, and to whom it was given, in the order of time', () =>
  expect(told(new Map([['p2', gone]]))).toEqual({
    ...{
      profileId: 'p1',
      collection: 'users',
      createdAt: minute(1),
      eventCount: 7,
      apart: ['p9'],
      log: 'identity_log/',
    },
    ...{ traits: [], notKept: [], horizons: { traits: null, accounts: null, consent: null } },
    identifiers: [
      {
        ...{ identifier: 'user_id:u', firstSeen: minute(1), lastSeen: minute(11), givenTo: 'p1', linkedAt: minute(1) },
        ...{ messageId: 'm1', rule: 'first of a new profile' },
      },
      {
        ...{
          identifier: 'anonymous_id:a',
          firstSeen: minute(2),
          lastSeen: minute(12),
          givenTo: null,
          linkedAt: minute(2),
        },
        ...{ messageId: null, rule: 'one event named both' },
      },
      {
        ...{
          identifier: 'email:e@x.org',
          firstSeen: minute(3),
          lastSeen: minute(13),
          givenTo: 'p2',
          linkedAt: minute(3),
        },
        ...{ messageId: 'm3', rule: 'first of a new profile' },
      },
    ],
    released: [],
    merges: [
      { absorbed: 'p3', into: null, at: minute(4), messageId: null, rule: 'one event named both', undoable: false },
      { absorbed: 'p2', into: 'p1', at: minute(5), messageId: 'm5', rule: 'one event named both', undoable: true },
    ],
  }));

it('says what the owner says of a link, and what the profile remembers where it says nothing', () => {
  const known = new Map<Identifier, Owner>([['user_id:u', { profileId: 'p1', messageId: undefined, at: undefined }]]);
  expect(told(new Map(), known).identifiers[0]).toMatchObject({ givenTo: 'p1', linkedAt: minute(1), messageId: null });
  expect(
    told(new Map(), new Map([['user_id:u', { profileId: 'p1', messageId: 'm', at: minute(9) }]])).identifiers[2],
  ).toMatchObject({
    ...{ linkedAt: minute(9), rule: 'one event named both' },
  });
});

it('tells what is not kept and how large it was, and until when more may be missing', () => {
  const by = { timestamp: minute(7), messageId: 'm7', sourceId: 'shop' };
  const profile: Profile = {
    ...live,
    traits: new Map([
      ['cart', { ...by, value: null, bytes: 9000 }],
      ['gone', { ...by, value: null }],
    ]),
    horizons: { traits: { ...by, name: 'cart' }, consent: 'b' },
  };
  expect(explain({ live: { profile, version: 1 }, tombstones: new Map() }, new Map())).toMatchObject({
    notKept: [{ trait: 'cart', bytes: 9000, said: minute(7) }],
    horizons: { traits: minute(7), accounts: null, consent: 'b' },
  });
});

it('does not take an unknown message for a message', () =>
  expect(told(new Map([['p2', { ...gone, messageId: '' }]])).merges[1]).toMatchObject({
    messageId: null,
    undoable: true,
  }));

const others = (first: Partial<Owner>, second: Partial<Owner>) => {
  const person: Profile = {
    ...made('p1', 1),
    identifiers: new Map([
      ['user_id:u', seen(1)],
      ['email:e@x.org', seen(1)],
    ]),
  };
  const known = new Map<Identifier, Owner>([
    ['user_id:u', { profileId: 'p1', messageId: 'm1', at: minute(1), ...first }],
    ['email:e@x.org', { profileId: 'p1', messageId: 'm1', at: minute(1), ...second }],
  ]);
  return explain({ live: { profile: person, version: 1 }, tombstones: new Map() }, known).identifiers.map(
    ({ rule }) => rule,
  );
};
const [ofNew, together] = ['first of a new profile', 'one event named both'];

it.each([
  {
    name: 'one message linked both, as both say',
    first: { founds: true },
    second: { founds: true },
    rules: [ofNew, ofNew],
  },
  {
    name: 'another message linked one of them in the same millisecond',
    first: { founds: true },
    second: { messageId: 'm2' },
    rules: [ofNew, together],
  },
  { name: 'another message of the same id did', first: { founds: true }, second: {}, rules: [ofNew, together] },
  { name: 'nothing is said, and one message linked both', first: {}, second: {}, rules: [ofNew, ofNew] },
  {
    name: 'nothing is said, and nobody knows which was first',
    first: {},
    second: { messageId: 'm2' },
    rules: [together, together],
  },
  {
    name: 'nothing is said, and one came later',
    first: {},
    second: { messageId: 'm2', at: minute(2) },
    rules: [ofNew, together],
  },
])('does not take the millisecond in which a profile was made for its cause: $name', ({ first, second, rules }) =>
  expect(others(first, second)).toEqual(rules),
);

it('tells of a released identifier when, by which source, and what linked it, and no longer as one of the person', () => {
  const former = formerName('crm:7', minute(8));
  const profile: Profile = {
    ...live,
    identifiers: new Map([
      ['user_id:u', seen(1)],
      [former, seen(2)],
    ]),
  };
  const known = new Map<Identifier, Owner>([
    ...owners,
    [former, { profileId: 'p1', messageId: 'm2', at: minute(2), releasedBy: 'contacts' }],
  ]);
  const { identifiers, released } = explain({ live: { profile, version: 1 }, tombstones: new Map() }, known);
  expect(identifiers.map(({ identifier }) => identifier)).toEqual(['user_id:u']);
  expect(released).toEqual([
    {
      ...{ identifier: 'crm:7', at: minute(8), source: 'contacts' },
      ...{ firstSeen: minute(2), linkedAt: minute(2), messageId: 'm2' },
    },
  ]);
});
