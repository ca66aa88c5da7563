import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { draftOf, newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import {
  pendingProfileOf as newGroup,
  type PendingProfile,
} from '../../../lambdas/core/stitching/batch/pending-profile.ts';
import type { Absorbed } from '../../../lambdas/core/stitching/batch/snapshot.ts';
import { handOver, takeOver } from '../../../lambdas/core/stitching/effects/absorb.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const seen = { first: minute(1), last: minute(1), linked: minute(1) };
const person = (profileId: string, mergeable: Partial<Profile> = {}): Profile => ({
  ...newProfile(profileId, eventOf({})),
  ...mergeable,
});
const marked = (...marks: string[]) => ({ marks: new Map(marks.map((mark) => [mark, 1])) });
const named = (...ids: Identifier[]) => ({ identifiers: new Map(ids.map((id) => [id, seen])) });
const lost = (profile: Profile, ...shared: string[]): Absorbed => ({
  profile,
  version: 3,
  shared: marked(...shared).marks,
});
const pendingOf = (profile: Profile, more: Partial<PendingProfile> = {}): PendingProfile => ({
  ...newGroup(draftOf(profile)),
  ...more,
});
const stored = (profile: Profile, more: Partial<PendingProfile> = {}) =>
  pendingOf(profile, { bases: [{ profile, version: 4 }], ...more });
const told = (absorbed: readonly Absorbed[]) =>
  absorbed.map(({ profile, shared }) => [profile.profileId, [...shared.keys()].join('')]);

describe('what a pending profile gives to its survivor', () => {
  it('is its stored profile, with what was said to itself', () => {
    const own = person('p2', { eventCount: 2, ...marked('b') });
    const [only] = handOver(stored({ ...person('p2', { eventCount: 5 }), own }), person('p1'));
    expect([only?.profile.eventCount, only?.profile.own, only?.version]).toEqual([2, undefined, 4]);
  });

  it('leaves out what its batch claimed and absorbed, for that is the survivor’s', () => {
    const before = [lost(person('p5', { ...named('user_id:five'), merged: new Map([['p6', minute(1)]]) }))];
    const merged = new Map(['p4', 'p5', 'p6'].map((id) => [id, minute(1)]));
    const all = person('p2', { ...named('user_id:u', 'anonymous_id:a', 'user_id:five'), merged });
    const [own, ...others] = handOver(
      stored(all, { claimed: new Set<Identifier>(['anonymous_id:a']), absorbed: before }),
      person('p1'),
    );
    expect([...(own?.profile.identifiers.keys() ?? []), ...(own?.profile.merged.keys() ?? [])]).toEqual([
      'user_id:u',
      'p4',
    ]);
    expect(told(others)).toEqual([['p5', '']]);
  });

  it.each([
    {
      name: 'of a stored profile the survivor’s own marks are kept',
      pending: stored(person('p2', marked('b', 'c'))),
      shared: [['p2', 'b']],
    },
    {
      name: 'what was shared with a stored profile lies in its own marks',
      ...{ pending: stored(person('p2', marked('b')), { absorbed: [lost(person('p3'), 'x')] }) },
      shared: [
        ['p2', 'b'],
        ['p3', 'b'],
      ],
    },
    {
      name: 'what was shared with a profile that was never stored is shared with the survivor',
      ...{
        pending: pendingOf(person('p2', marked('b')), { absorbed: [lost(person('p3'), 'x')] }),
        shared: [['p3', 'xb']],
      },
    },
  ])('$name', ({ pending, shared }) =>
    expect(
      told(handOver(pending, { ...person('p1', marked('a', 'b', 'c')), own: person('p1', marked('a', 'b')) })),
    ).toEqual(shared),
  );
});

it('leaves with the survivor for good what was said to a profile that was never stored', () => {
  const [survivor, other] = [
    person('p1', { eventCount: 1, ...marked('a') }),
    person('p2', { eventCount: 2, ...marked('a', 'b') }),
  ];
  expect(takeOver(survivor, pendingOf(other))?.eventCount).toBe(2);
  expect(takeOver(survivor, stored(other))?.eventCount).toBe(1);
});
