import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { consentKey } from '../../../lambdas/core/profile/consent.ts';
import { byTrust, namesOf } from '../../../lambdas/core/profile/known-as.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { changesBetween, everyMembership } from '../../../lambdas/core/segments/changes.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

describe('what is announced', () => {
  const rules = configOf().identity;
  const person = (segments: string[], ...ids: string[]): Profile => ({
    ...newProfile('p', eventOf({})),
    identifiers: new Map(ids.map((id) => [id as Identifier, { first: '1', last: '1', linked: '1' }])),
    segments: new Map(segments.map((key) => [key, '1'])),
  });
  const ann = ['user_id:ann', 'anonymous_id:a'];

  it.each([
    { name: 'a new member', before: [], after: person(['vip'], ...ann), changes: ['entered vip'] },
    {
      name: 'nothing for a member who stays one',
      before: [person(['vip'], ...ann)],
      after: person(['vip'], ...ann),
      changes: [],
    },
    { name: 'an exit', before: [person(['vip'], ...ann)], after: person([], ...ann), changes: ['exited vip'] },
    {
      name: 'the exit from one and the entry into another at once',
      before: [person(['vip'], ...ann)],
      after: person(['new'], ...ann),
      changes: ['entered new', 'exited vip'],
    },
    {
      name: 'again when one identifier took the place of another',
      before: [person(['vip'], 'email:ann@example.org', 'anonymous_id:b')],
      after: person(['vip'], 'email:ann@example.org', 'anonymous_id:a'),
      changes: ['entered vip'],
    },
    {
      name: 'nothing when a member is merged with an anonymous profile',
      before: [person([], 'anonymous_id:a'), person(['vip'], 'user_id:ann')],
      after: person(['vip'], ...ann),
      changes: [],
    },
    {
      name: 'again when destinations know them by another identifier',
      before: [person(['vip'], 'anonymous_id:a')],
      after: person(['vip'], ...ann),
      changes: ['entered vip'],
    },
    {
      name: 'again when a device is added that comes before theirs in the alphabet',
      before: [person(['vip'], 'email:ann@example.org', 'anonymous_id:b')],
      after: person(['vip'], 'email:ann@example.org', 'anonymous_id:a', 'anonymous_id:b'),
      changes: ['entered vip'],
    },
    {
      name: 'again when a device is added that comes after theirs in the alphabet',
      before: [person(['vip'], 'email:ann@example.org', 'anonymous_id:a')],
      after: person(['vip'], 'email:ann@example.org', 'anonymous_id:a', 'anonymous_id:b'),
      changes: ['entered vip'],
    },
    {
      name: 'again when another user id is added, and so a name',
      before: [person(['vip'], ...ann)],
      after: person(['vip'], ...ann, 'user_id:zoe'),
      changes: ['entered vip'],
    },
    {
      name: 'nothing when somebody with a user id uses another device',
      before: [person(['vip'], ...ann)],
      after: person(['vip'], ...ann, 'anonymous_id:b'),
      changes: [],
    },
    {
      name: 'again when an address is added, by which tools find people',
      before: [person(['vip'], ...ann)],
      after: person(['vip'], ...ann, 'email:ann@example.org'),
      changes: ['entered vip'],
    },
    {
      name: 'nothing when a second address is added',
      before: [person(['vip'], ...ann, 'email:ann@example.org')],
      after: person(['vip'], ...ann, 'email:ann@example.org', 'email:zoe@example.org'),
      changes: [],
    },
    {
      name: 'one exit when both of two merged were members',
      before: [person(['vip'], 'user_id:ann'), person(['vip'], 'anonymous_id:a')],
      after: person([], ...ann),
      changes: ['exited vip'],
    },
  ])('$name', ({ before, after, changes }) =>
    expect(changesBetween(before, after, rules).map(({ change, segment }) => `${change} ${segment}`)).toEqual(changes),
  );

  it('again when a destination may know what it might not before', () => {
    const given = new Map([
      [consentKey('ads', 'user_id:ann' as Identifier), { granted: true, timestamp: '1', messageId: 'm' }],
    ]);
    const [before, after] = [person(['vip'], ...ann), { ...person(['vip'], ...ann), consent: given }];
    const { destinations } = configOf({
      segments: [{ key: 'vip', name: 'Important', where: trait('vip').equals(true) }],
      destinations: [{ id: 'crm', kind: 'webhook', segments: ['vip'], consent: ['ads'] }],
    });
    expect(changesBetween([before], after, rules, { destinations })).toEqual([{ segment: 'vip', change: 'entered' }]);
    expect(changesBetween([after], after, rules, { destinations })).toEqual([]);
  });

  it.each([
    { identifiers: ['user_id', 'anonymous_id'], added: 'anonymous_id:b', isTold: true },
    { identifiers: ['user_id'], added: 'anonymous_id:b', isTold: false },
    { identifiers: ['email'], added: 'email:zoe@example.org', isTold: true },
  ])('of $added to a destination that is told $identifiers: $isTold', ({ identifiers, added, isTold }) => {
    const { destinations } = configOf({
      segments: [{ key: 'vip', name: 'Important', where: trait('vip').equals(true) }],
      destinations: [{ id: 'crm', kind: 'webhook', segments: ['vip'], identifiers }],
    });
    const known = [...ann, 'email:ann@example.org'];
    const changes = changesBetween([person(['vip'], ...known)], person(['vip'], ...known, added), rules, {
      destinations,
    });
    expect(changes.length > 0).toBe(isTold);
  });

  it('of names that are restored: every membership, and the exit from what is no longer defined', () => {
    const defined = [
      { key: 'vip', name: 'Vip', where: { all: [] } },
      { key: 'firms', name: 'Firms', of: 'accounts' as const, where: { all: [] } },
    ];
    const before = [person(['gone'], ...ann), { ...person([]), own: person(['gone before', 'vip']) }];
    const told = everyMembership(person(['vip'], ...ann), defined, before);
    expect(told.map(({ segment, change }) => `${change} ${segment}`)).toEqual([
      ...['entered vip', 'exited gone', 'exited gone before'],
    ]);
  });
});

describe('the name of a person', () => {
  const rules = configOf().identity;
  const linkedAt = (...ids: [Identifier, string][]): Profile => ({
    ...newProfile('p', eventOf({})),
    identifiers: new Map(ids.map(([id, linked]) => [id, { first: '0', last: '9', linked }])),
  });

  it.each<{ name: string; profile: Profile; address: string | undefined; known: object }>([
    { name: 'is nobody', profile: linkedAt(), address: undefined, known: { anonymousId: 'p' } },
    {
      name: 'has a user id',
      profile: linkedAt(['anonymous_id:a', '1'], ['user_id:u', '2']),
      address: 'user_id:u',
      known: { userId: 'u' },
    },
    {
      name: 'has an email and a device',
      profile: linkedAt(['anonymous_id:a', '1'], ['email:e@x.org', '2']),
      address: 'email:e@x.org',
      known: { anonymousId: 'a' },
    },
    {
      name: 'has an email alone',
      profile: linkedAt(['email:e@x.org', '2']),
      address: 'email:e@x.org',
      known: { anonymousId: 'p' },
    },
    {
      name: 'has two devices, of which the later linked comes first in the alphabet',
      profile: linkedAt(['anonymous_id:b', '1'], ['anonymous_id:a', '2']),
      address: 'anonymous_id:a',
      known: { anonymousId: 'a' },
    },
    {
      name: 'has two devices, of which the first linked comes first in the alphabet',
      profile: linkedAt(['anonymous_id:a', '1'], ['anonymous_id:b', '2']),
      address: 'anonymous_id:a',
      known: { anonymousId: 'a' },
    },
  ])('who $name', ({ profile, address, known }) => {
    expect(byTrust(profile, rules)[0]).toBe(address);
    expect(namesOf(profile, rules)[0]).toEqual(known);
  });
});
