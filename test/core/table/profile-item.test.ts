import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { markWindow, pruneMarks } from '../../../lambdas/core/profile/message-marks.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { applyEvent } from '../../../lambdas/core/stitching/effects/apply-event.ts';
import { liveAt, parseProfileItem, toProfileItem, toTombstone } from '../../../lambdas/core/table/profile-item.ts';
import { fingerprint } from '../../../lambdas/core/values/fingerprint.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const nothing = { changes: [], log: [] };
const config = configOf();

it('gives back what it stored, whatever names and values a client used', () =>
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.string({ minLength: 1 }),
      fc.boolean(),
      (traits, userId, granted) => {
        const draft = newProfile('p1', eventOf({}));
        const context = {
          consent: { categoryPreferences: { ads: granted } },
          campaign: { source: 'mail' },
          page: { referrer: 'https://example.com/a?b' },
        };
        applyEvent(draft, eventOf({ type: 'identify', traits, context }), [`user_id:${userId}`], { rules: config });
        applyEvent(draft, eventOf({ type: 'group', groupId: 'g', traits: { plan: 'pro' } }), [`user_id:${userId}`], {
          rules: config,
        });
        draft.merged = new Map([['p0', minute(3)]]);
        draft.segments = new Map([['vip', minute(4)]]);
        const item = parseProfileItem(JSON.parse(JSON.stringify(toProfileItem(draft, 3, nothing))));
        const asJson = new Map(
          [...draft.traits].map(([name, trait]) => [
            name,
            { ...trait, value: JSON.parse(JSON.stringify(trait.value)) },
          ]),
        );
        expect(item).toEqual({ kind: 'profile', version: 3, profile: { ...draft, traits: asJson } });
      },
    ),
  ));

it('keeps a person of three identifiers, six traits and ten events below 2 KB', () => {
  const draft = newProfile('per_01a20aa805516b81bb6162113806fac3', eventOf({}));
  const ids: Identifier[] = [
    'user_id:customer-1985',
    'email:priya.reyes@home.example',
    'anonymous_id:device-0008599be3f9',
  ];
  const messageId = (n: number) => `node-next-1777629601${n}-5f0f-4c6d`;
  for (let n = 0; n < 9; n++)
    applyEvent(draft, eventOf({ messageId: messageId(n), event: 'Product Viewed' }), ids, { rules: config });
  const traits = {
    email: 'priya.reyes@home.example',
    first_name: 'Priya',
    last_name: 'Reyes',
    newsletter: true,
    order_count: 3,
    lifetime_value: 89.2,
  };
  applyEvent(draft, eventOf({ type: 'identify', messageId: messageId(9), traits }), ids, { rules: config });
  expect(JSON.stringify(toProfileItem(draft, 1, nothing)).length).toBeLessThan(2048);
});

it('follows tombstones to the live profile and ends where there is none', () => {
  const live = { kind: 'profile' as const, version: 1, profile: newProfile('c', eventOf({})) };
  const stone = (at: string, into: string) =>
    parseProfileItem({ kind: 'tombstone', profileId: at, version: 1, mergedInto: into });
  const items = new Map([
    ['a', stone('a', 'b')],
    ['b', stone('b', 'c')],
    ['c', live],
    ['x', stone('x', 'y')],
    ['y', stone('y', 'x')],
  ] as const);
  expect(liveAt('a', items)).toBe(live);
  expect(liveAt('x', items)).toBeUndefined();
  expect(liveAt('unknown', items)).toBeUndefined();
});

it('refuses an item that it did not write', () =>
  expect(() => parseProfileItem({ kind: 'profile', profileId: 'p' })).toThrow(/version/));

it('remembers messages for the stated window and number, whichever way marks are joined', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.integer({ min: 0, max: 60 }))), fc.nat(), (all, at) => {
      const marks = all.map(([id, hour]): [string, number] => [fingerprint(id), hour]);
      const [left, right] = [marks.slice(0, at % (marks.length + 1)), marks.slice(at % (marks.length + 1))];
      const greatest = (pairs: [string, number][]) => {
        const joined = new Map<string, number>();
        for (const [mark, hour] of pairs) joined.set(mark, Math.max(hour, joined.get(mark) ?? 0));
        return joined;
      };
      const whole = pruneMarks(greatest(marks));
      const joined = pruneMarks(greatest([...pruneMarks(greatest(left)), ...pruneMarks(greatest(right))]));
      expect([...joined].sort()).toEqual([...whole].sort());
      expect(whole.size).toBeLessThanOrEqual(markWindow.count);
    }),
  ));

it('carries changes and decisions in attributes of their own, and neither where there are none', () => {
  const profile = newProfile('p1', eventOf({}));
  const change = { segment: 'vip', change: 'entered' } as const;
  const entry = { kind: 'link', profileId: 'p1', messageId: 'm1', timestamp: minute(1), at: minute(1) } as const;
  expect(toProfileItem(profile, 1, { changes: [change], log: [entry] })).toMatchObject({
    ...{ changes: JSON.stringify([change]), log: JSON.stringify([entry]) },
  });
  expect(
    Object.keys(toProfileItem(profile, 1, nothing)).filter((name) => name === 'changes' || name === 'log'),
  ).toEqual([]);
});

it('is in the due index as long as it lives and changes by itself', () => {
  const profile = { ...newProfile('p1', eventOf({})), dueAt: 10_001 };
  const item = toProfileItem(profile, 1, nothing);
  expect(item).toMatchObject({ dueShard: expect.any(Number), dueAt: 11 });
  expect(parseProfileItem(item)).toMatchObject({ profile: { dueAt: 11_000 } });
  const lost = { profile, version: 2, shared: new Map(), mergedInto: 'p0', messageId: 'm', at: minute(1) };
  for (const other of [toProfileItem({ ...profile, dueAt: undefined }, 1, nothing), toTombstone(lost)])
    expect(Object.keys(other).filter((name) => name.startsWith('due'))).toEqual([]);
});
