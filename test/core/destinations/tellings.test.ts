import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Manner, type Tellings, tellingsOf, truthOf } from '../../../lambdas/core/destinations/tellings.ts';
import type { Told } from '../../../lambdas/core/destinations/told.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const manner: Manner = { rules: configOf().identity, consent: [], now: minute(9), occasion: 'e1' };
const seen = { first: minute(1), last: minute(1), linked: minute(1) };
const person = (ids: Identifier[], more: Partial<Profile> = {}): Profile => ({
  ...newProfile('p1', eventOf({ timestamp: minute(5) })),
  identifiers: new Map(ids.map((id) => [id, seen])),
  ...more,
});
const member = { segments: new Map([['vip', minute(2)]]) };
const toldOf = (...names: string[]): Told => ({ names: new Set(names), since: minute(2) });
const shown = ({ exits, entries }: Tellings): string[] =>
  [...exits, ...entries].map(({ call }) => {
    const { event, userId, anonymousId, context } = call;
    return `${event.slice(9)} ${userId ?? anonymousId?.replace(/-.*/, '') ?? context.groupId} ${context.traits.email ?? '-'}`;
  });
const tell = (profile: Profile, told: Told | undefined, more: Partial<Manner> = {}, segment = 'vip') =>
  tellingsOf({ profile, segment, told }, { ...manner, ...more });

describe('a destination is told', () => {
  const both: Identifier[] = ['user_id:u1', 'anonymous_id:a1'];
  const mailed: Identifier[] = [...both, 'email:new@x.org', 'email:old@x.org'];
  it.each<{ name: string; profile: Profile; told: Told | undefined; tells: string[] }>([
    { name: 'an entry', profile: person(both, member), told: undefined, tells: ['Entered u1 -'] },
    {
      name: 'that a name was given up, before it is told the new one',
      profile: person(both, member),
      told: toldOf('anonymousId:a1'),
      tells: ['Exited a1 -', 'Entered u1 -'],
    },
    {
      name: 'an exit under every name that it was told',
      profile: person(both),
      told: toldOf('anonymousId:a1', 'userId:u1'),
      tells: ['Exited a1 -', 'Exited u1 -'],
    },
    {
      name: 'an exit under every name there is, where nobody recorded what it was told',
      profile: person(both),
      told: undefined,
      tells: ['Exited a1 -', 'Exited u1 -'],
    },
    {
      name: 'an exit under one name, where it was told none',
      profile: person(both),
      told: toldOf(),
      tells: ['Exited u1 -'],
    },
    {
      name: 'that the profile itself left, once it has a name',
      profile: person(both, member),
      told: toldOf('anonymousId:p1'),
      tells: ['Exited p1 -', 'Entered u1 -'],
    },
    {
      name: 'that a merged profile left',
      profile: person(both, { ...member, merged: new Map([['p2', minute(3)]]) }),
      told: toldOf('anonymousId:p2', 'userId:u1'),
      tells: ['Exited p2 -', 'Entered u1 -'],
    },
    {
      name: 'nothing of a name that an unmerge gave to somebody else',
      profile: person(['user_id:u1'], { ...member, apart: new Set(['p2']) }),
      told: toldOf('userId:u2', 'anonymousId:p2', 'email:u2@x.org', 'userId:u1'),
      tells: ['Entered u1 -'],
    },
    {
      name: 'that an address is none any more, under no name',
      profile: person(mailed, {
        ...member,
        traits: new Map([['email', { value: 'new@x.org', timestamp: minute(1), messageId: 'm', sourceId: 's' }]]),
      }),
      told: toldOf('userId:u1', 'email:old@x.org'),
      tells: ['Exited former old@x.org', 'Entered u1 new@x.org'],
    },
    {
      name: 'no address that was removed, but that it is gone',
      profile: person(mailed, {
        ...member,
        traits: new Map([['email', { value: null, timestamp: minute(1), messageId: 'm', sourceId: 's' }]]),
      }),
      told: toldOf('userId:u1', 'email:old@x.org'),
      tells: ['Exited former old@x.org', 'Entered u1 -'],
    },
    {
      name: 'an entry under every user id',
      profile: person([...both, 'user_id:u2'], member),
      told: undefined,
      tells: ['Entered u1 -', 'Entered u2 -'],
    },
    {
      name: 'an entry under every device of somebody without a user id',
      profile: person(['anonymous_id:a2', 'anonymous_id:a1', 'email:new@x.org'], member),
      told: undefined,
      tells: ['Entered a1 new@x.org', 'Entered a2 new@x.org'],
    },
    {
      name: 'an exit under every name of now and before',
      profile: person([...both, 'user_id:u2']),
      told: toldOf('anonymousId:a1', 'userId:u1'),
      tells: ['Exited a1 -', 'Exited u1 -', 'Exited u2 -'],
    },
    {
      name: 'of an account by its group id',
      profile: { ...person(['group_id:acme'], member), collection: 'accounts' },
      told: undefined,
      tells: ['Entered acme -'],
    },
  ])('$name', ({ profile, told, tells }) => expect(shown(tell(profile, told))).toEqual(tells));

  const several: Identifier[] = [...mailed, 'user_id:u2', 'anonymous_id:a2'];
  it.each<{
    identifiers: Manner['identifiers'];
    told?: Told;
    is?: Partial<Profile>;
    ids?: Identifier[];
    tells: string[];
  }>([
    { identifiers: undefined, tells: ['Entered u1 new@x.org', 'Entered u2 new@x.org'] },
    { identifiers: ['user_id'], tells: ['Entered u1 new@x.org', 'Entered u2 new@x.org'] },
    { identifiers: ['user_id'], ids: ['anonymous_id:a1', 'email:new@x.org'], tells: [] },
    { identifiers: ['user_id'], ids: ['anonymous_id:a1'], tells: [] },
    { identifiers: ['anonymous_id'], tells: ['Entered a1 new@x.org', 'Entered a2 new@x.org'] },
    {
      identifiers: ['anonymous_id', 'user_id'],
      tells: ['u1', 'u2', 'a1', 'a2'].map((name) => `Entered ${name} new@x.org`),
    },
    { identifiers: ['email'], tells: ['Entered p1 new@x.org', 'Entered p1 old@x.org'] },
    { identifiers: ['email'], ids: ['user_id:u1'], tells: [] },
    {
      identifiers: ['user_id', 'email'],
      tells: ['Entered u1 new@x.org', 'Entered u2 new@x.org', 'Entered u1 old@x.org'],
    },
    {
      identifiers: ['user_id', 'email'],
      told: toldOf('userId:u1', 'userId:u2', 'anonymousId:a1', 'email:new@x.org', 'email:old@x.org'),
      is: { segments: new Map() },
      tells: ['Exited a1 -', 'Exited u1 new@x.org', 'Exited u2 new@x.org', 'Exited u1 old@x.org'],
    },
    {
      identifiers: ['user_id'],
      told: toldOf('anonymousId:a1', 'email:new@x.org'),
      ids: ['anonymous_id:a1'],
      tells: ['Exited a1 -', 'Exited former new@x.org'],
    },
  ])('under $identifiers of $ids: $tells', ({ identifiers, told, is = {}, ids = several, tells }) =>
    expect(shown(tell(person(ids, { ...member, ...is }), told, { identifiers }))).toEqual(tells),
  );

  const consent = (granted: boolean): Partial<Profile> => ({
    consent: new Map([['ads|user_id:u1', { granted, timestamp: minute(1), messageId: 'm' }]]),
  });
  it.each([
    { name: 'an entry with consent', more: consent(true), told: undefined, tells: ['Entered u1 -'] },
    { name: 'nothing without consent', more: {}, told: undefined, tells: [] },
    { name: 'nothing after a no', more: consent(false), told: toldOf(), tells: [] },
    { name: 'that somebody left who said no', more: consent(false), told: toldOf('userId:u1'), tells: ['Exited u1 -'] },
  ])('where it needs consent: $name', ({ more, told, tells }) =>
    expect(shown(tell(person(both, { ...member, ...more }), told, { consent: ['ads'] }))).toEqual(tells),
  );
});

describe('a message id', () => {
  const idOf = (profile: Profile, told?: Told, more?: Partial<Manner>, segment?: string) =>
    tell(profile, told, more, segment).entries[0]?.call.messageId ??
    tell(profile, told, more, segment).exits.at(-1)?.call.messageId;
  const ann = person(['user_id:ann']);

  it('is the same for every attempt at the same news', () => {
    expect(idOf({ ...ann, ...member }, toldOf(), { now: minute(20), occasion: 'e2' })).toBe(
      idOf({ ...ann, ...member }),
    );
    const later = { ...ann, lastSeen: minute(30) };
    expect(idOf(later, toldOf('userId:ann'), { now: minute(20), occasion: 'e2' })).toBe(
      idOf(ann, toldOf('userId:ann')),
    );
  });

  it('is another for each time that an operator has it told again, and the same for each attempt at that', () => {
    const member = { ...ann, segments: new Map([['vip', minute(2)]]) };
    const again = (occasion: string) => idOf(member, toldOf('userId:ann'), { again: true, occasion });
    expect(new Set([idOf(member), again('run 1'), again('run 2')]).size).toBe(3);
    expect(again('run 1')).toBe(again('run 1'));
  });

  it('tells two exits apart, also where a later-dated event was seen before both', () => {
    const dated = { ...ann, lastSeen: minute(1_000) };
    const exit = (since: string) => idOf(dated, { names: new Set(['userId:ann']), since });
    expect(exit(minute(2))).not.toBe(exit(minute(4)));
    expect(idOf(dated, undefined, { occasion: 'e1' })).not.toBe(idOf(dated, undefined, { occasion: 'e2' }));
  });

  it('is no other for any other news, however long the key of the segment is', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({
            segment: fc.integer({ min: 1, max: 200 }).map((length) => 'k'.repeat(length)),
            in: fc.option(fc.nat(50), { nil: undefined }),
            told: fc.nat(50),
            user: fc.constantFrom('ann', 'bob'),
          }),
          {
            minLength: 2,
            selector: ({ segment, in: since, told, user }) =>
              JSON.stringify([segment, since, since === undefined && told, user]),
          },
        ),
        (news) => {
          const ids = news.map(({ segment, in: since, told, user }) =>
            idOf(
              person([`user_id:${user}`], since === undefined ? {} : { segments: new Map([[segment, minute(since)]]) }),
              { names: new Set([`userId:${user}`]), since: minute(told) },
              {},
              segment,
            ),
          );
          expect(new Set(ids).size).toBe(news.length);
          for (const id of ids) expect(id?.length).toBeLessThanOrEqual(100);
        },
      ),
      { numRuns: numRuns(500) },
    ));
});

it.each([
  { name: 'membership', changed: { segments: new Map() }, same: false },
  { name: 'membership, again', changed: { segments: new Map([['vip', minute(3)]]) }, same: false },
  { name: 'the name', changed: person(['user_id:u2', 'user_id:u1']).identifiers, same: false },
  { name: 'nothing that matters', changed: { eventCount: 7 }, same: true },
])('the truth is another when $name changed: $same', ({ changed, same }) => {
  const before = person(['anonymous_id:a1'], member);
  const after = { ...before, ...(changed instanceof Map ? { identifiers: changed } : changed) };
  expect(truthOf(before, 'vip', manner) === truthOf(after, 'vip', manner)).toBe(same);
});
