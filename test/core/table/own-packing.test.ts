import { describe, expect, it } from 'vitest';
import { joinMergeable } from '../../../lambdas/core/profile/join.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { traitOf } from '../../../lambdas/core/profile/trait.ts';
import {
  parseProfileItem,
  parseTombstone,
  toProfileItem,
  toTombstone,
} from '../../../lambdas/core/table/profile-item.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const nothing = { changes: [], log: [] };
const by = (n: number) => ({ timestamp: minute(n), messageId: `m${n}`, sourceId: 'shop' });
const seen = (n: number) => ({ first: minute(n), last: minute(n), linked: minute(n) });
const event = (n: number) => ({ type: 'track' as const, name: 'Order', ...by(n) });
const mark = (n: number) => `mark-${String(n).padStart(4, '0')}`;

/** Somebody to whom something of each kind was said in a minute. */
const toldAt = (n: number, more: Partial<Profile> = {}): Profile => ({
  ...newProfile('p1', eventOf({ timestamp: minute(n) })),
  ...{
    lastSeen: minute(n),
    eventCount: 1,
    recent: [event(n)],
    apart: new Set([`p${n}`]),
    marks: new Map([[mark(n), n]]),
  },
  traits: new Map([
    ['plan', traitOf(n, by(n))],
    [`only ${n}`, traitOf({ deep: [n] }, by(n))],
  ]),
  accounts: new Map([
    ['acme', seen(n)],
    [`g${n}`, seen(n)],
  ]),
  segments: new Map([[`s${n}`, minute(n)]]),
  touches: { first: by(n), last: by(n) },
  ...more,
});
const asRead = (profile: Profile): Profile => {
  const item = parseProfileItem(JSON.parse(JSON.stringify(toProfileItem(profile, 1, nothing))));
  return item.kind === 'profile' ? item.profile : expect.unreachable();
};

describe('what was said to a profile itself', () => {
  const place = { ...by(7), name: 'plan' };
  it.each<{ name: string; own: Profile; other: Profile }>([
    { name: 'before the other', own: toldAt(1), other: toldAt(2) },
    { name: 'after the other', own: toldAt(2), other: toldAt(1) },
    {
      name: 'with the same message, received in two hours',
      own: toldAt(1),
      other: toldAt(2, { marks: new Map([[mark(1), 9]]) }),
    },
    { name: 'which is nothing', own: newProfile('p1', eventOf({})), other: toldAt(2) },
    { name: 'beside a profile that is cut', own: toldAt(1), other: toldAt(2, { horizons: { traits: place } }) },
    {
      name: 'and cut, where the whole is cut elsewhere',
      own: toldAt(1, { horizons: { traits: place } }),
      other: toldAt(2, { horizons: { consent: 'x' } }),
    },
  ])('comes back as it was, said $name', ({ own, other }) => {
    const {
      profileId: _,
      collection: __,
      createdAt: ___,
      identifiers: ____,
      consent: _____,
      merged: ______,
      heard: _______,
      ...facts
    } = own;
    const whole: Profile = { ...own, ...joinMergeable(own, other), merged: new Map([['p2', minute(3)]]), own: facts };
    expect(asRead(whole)).toEqual(whole);
  });

  it('takes no room where it is all that there is', () => {
    const { own: _, ...all } = toldAt(1);
    const item = toProfileItem({ ...all, own: all }, 1, nothing);
    expect(item).toEqual(toProfileItem(all, 1, nothing));
    expect('own' in item || 'heard' in item).toBe(false);
  });

  it('takes of what only others said no more than the names', () => {
    const long = 'x'.repeat(500);
    const traits = new Map(Array.from({ length: 50 }, (_, n) => [`trait ${n}`, traitOf(long, by(1))]));
    const [own, whole] = [newProfile('p1', eventOf({})), { ...newProfile('p1', eventOf({})), traits }];
    const bytes = (profile: Profile) => JSON.stringify(toProfileItem(profile, 1, nothing)).length;
    expect(bytes({ ...whole, own }) - bytes(whole)).toBeLessThan(50 * 16 + 100);
  });
});

it('keeps what the profile heard of others beside its marks', () => {
  const heard = new Map([[mark(3), 8]]);
  expect(asRead(toldAt(1, { heard }))).toEqual(toldAt(1, { heard }));
});

describe('a tombstone', () => {
  const lost = {
    profile: toldAt(1),
    version: 3,
    shared: new Map([[mark(1), 1]]),
    mergedInto: 'p0',
    messageId: 'm9',
    at: minute(9),
  };
  it('comes back as it was', () => expect(parseTombstone(JSON.parse(JSON.stringify(toTombstone(lost))))).toEqual(lost));

  it.each([
    { what: 'a time', torn: { identifiers: '[["user_id:u","?","?","?"]]' } },
    { what: 'a list', torn: { traits: '[' } },
    { what: 'a count', torn: { eventCount: 'many' } },
  ])('with $what that cannot be read leads on, and costs no other', ({ torn }) => {
    const item = { ...toTombstone(lost), ...torn };
    expect(parseTombstone(item)).toBeUndefined();
    expect(parseProfileItem(item)).toMatchObject({ kind: 'tombstone', mergedInto: 'p0' });
  });

  it('of an earlier form leads on, and keeps nothing that could be undone', () => {
    const { shared: _, ...earlier } = { ...toTombstone(lost), displaced: '{}', countedTwice: 1 } as Record<
      string,
      unknown
    >;
    expect(parseTombstone(earlier)).toBeUndefined();
    expect(parseProfileItem(earlier)).toMatchObject({ kind: 'tombstone', mergedInto: 'p0' });
  });
});
