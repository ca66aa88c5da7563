import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { consentOf } from '../../../lambdas/core/profile/consent.ts';
import { joinProfiles } from '../../../lambdas/core/profile/join.ts';
import { type Draft, newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { recentEvents } from '../../../lambdas/core/profile/recent-events.ts';
import { applyEvent } from '../../../lambdas/core/stitching/effects/apply-event.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf();
const at = minute(0);

/** An event of a person in all its parts; its content is a function of its id. */
const someEvent = fc
  .record({
    id: fc.nat({ max: 500 }),
    at: fc.nat({ max: 9 }),
    device: fc.constantFrom('a', 'b'),
    ads: fc.option(fc.boolean()),
  })
  .map(({ id, at, device, ads }) =>
    eventOf({
      type: id % 3 === 0 ? 'identify' : 'group',
      groupId: `g${id % 2}`,
      messageId: `m${id}`,
      userId: 'u1',
      anonymousId: device,
      timestamp: minute(at),
      traits: id % 3 === 0 ? { plan: id % 5 } : {},
      context: {
        consent: { categoryPreferences: ads === null ? {} : { ads } },
        campaign: { source: id % 4 === 0 ? `mail${id}` : '' },
        page: { referrer: `https://r${id % 3}.example/` },
      },
    }),
  );
const someEvents = fc.uniqueArray(someEvent, { selector: ({ messageId }) => messageId, maxLength: 25 });

function profileOf(events: readonly Event[], profileId = 'p1', createdAt = at): Draft {
  const draft = newProfile(profileId, eventOf({ receivedAt: createdAt, timestamp: events[0]?.timestamp ?? at }));
  for (const event of events)
    applyEvent(draft, event, ['user_id:u1', `anonymous_id:${event.anonymousId}`], { rules: config });
  return draft;
}

/** Everything but ids, creation and merge records, which tell how a profile came to be and not who it is. */
const person = ({
  identifiers,
  traits,
  consent,
  accounts,
  touches,
  eventCount,
  firstSeen,
  lastSeen,
  recent,
  marks,
}: Profile) => ({
  ...{ eventCount, firstSeen, lastSeen, touches, recent },
  ...{
    identifiers: sorted(identifiers),
    traits: sorted(traits),
    consent: sorted(consent),
    accounts: sorted(accounts),
    marks: sorted(marks),
  },
});
const sorted = <K, V>(map: ReadonlyMap<K, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a profile is a join', () => {
  it('in any order its events make the same person', () =>
    fc.assert(
      fc.property(someEvents, fc.infiniteStream(fc.nat()), (events, chance) => {
        const shuffled = events
          .map((event) => ({ event, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at);
        fc.pre(events.length > 0);
        expect(person(profileOf(shuffled.map(({ event }) => event)))).toEqual({ ...person(profileOf(events)) });
      }),
    ));

  it('split over profiles that merge, however, its events make the same person', () =>
    fc.assert(
      fc.property(someEvents, fc.array(fc.nat({ max: 2 })), (events, cuts) => {
        fc.pre(events.length > 0);
        const parts = [0, 1, 2]
          .map((part) => events.filter((_, n) => (cuts[n] ?? 0) === part))
          .filter((part) => part.length > 0);
        const profiles = parts.map((part, n) => profileOf(part, `p${n}`, minute(n)));
        const left = profiles.reduce((a, b) => joinProfiles(a, b, at));
        const right = profiles.reduceRight((a, b) => joinProfiles(a, b, at));
        expect(person(left)).toEqual(person(profileOf(events)));
        expect(person(right)).toEqual(person(left));
        expect(left.profileId).toBe(right.profileId);
      }),
    ));

  it('joined with itself it is the same', () =>
    fc.assert(
      fc.property(someEvents, (events) => {
        const profile = profileOf(events);
        expect(person(joinProfiles(profile, profile, at))).toEqual(person(profile));
      }),
    ));

  it('keeps the stricter consent: a no on one device is undone only there', () => {
    const stated = (device: string, ads: boolean, n: number) =>
      eventOf({
        userId: 'u1',
        anonymousId: device,
        timestamp: minute(n),
        context: { consent: { categoryPreferences: { ads } } },
      });
    expect(consentOf(profileOf([stated('a', false, 1), stated('b', true, 2)]).consent)).toEqual(
      new Map([['ads', false]]),
    );
    expect(consentOf(profileOf([stated('a', false, 1), stated('b', true, 2), stated('a', true, 3)]).consent)).toEqual(
      new Map([['ads', true]]),
    );
  });

  it('remembers the first and the last way somebody came, without queries and without its own pages', () => {
    const came = (n: number, page: object, campaign?: object) =>
      eventOf({ userId: 'u1', timestamp: minute(n), context: { page, ...(campaign && { campaign }) } });
    const { touches } = profileOf([
      came(2, { referrer: 'https://news.example/story?reader=ann', url: 'https://shop.example/' }),
      came(3, { referrer: 'https://shop.example/cart', url: 'https://shop.example/pay' }),
      came(1, {}, { source: 'mail', medium: 'email', other: 'x' }),
    ]);
    expect(touches.first).toMatchObject({ timestamp: minute(1), campaign: { source: 'mail', medium: 'email' } });
    expect(touches.last).toMatchObject({ timestamp: minute(2), referrer: 'https://news.example/story' });
  });

  it('remembers the latest events, and no more than it says', () => {
    const events = Array.from({ length: 30 }, (_, n) =>
      eventOf({ userId: 'u1', messageId: `m${n}`, event: `E${n}`, timestamp: minute(n) }),
    );
    expect(profileOf(events).recent.map(({ name }) => name)).toEqual(
      Array.from({ length: recentEvents }, (_, n) => `E${29 - n}`),
    );
  });
});

it('of what both profiles say, the join keeps the earlier membership and merge, the later mark, and everybody who is kept apart', () => {
  const saying = (n: number): Draft => ({
    ...profileOf([], `p${n}`, minute(n)),
    segments: new Map([
      ['vip', minute(n)],
      [`own-${n}`, minute(n)],
    ]),
    merged: new Map([['p0', minute(n)]]),
    marks: new Map([['mark-0001', n]]),
    apart: new Set([`x${n}`]),
  });
  const [early, late] = [saying(1), saying(2)];
  for (const [a, b] of [
    [early, late],
    [late, early],
  ] as const)
    expect(joinProfiles(a, b, minute(9))).toMatchObject({
      profileId: 'p1',
      segments: new Map([
        ['vip', minute(1)],
        ['own-1', minute(1)],
        ['own-2', minute(2)],
      ]),
      merged: new Map([
        ['p0', minute(1)],
        ['p2', minute(9)],
      ]),
      marks: new Map([['mark-0001', 2]]),
      apart: new Set(['x1', 'x2']),
    });
  expect(joinProfiles({ ...early, apart: new Set() }, { ...late, apart: new Set() }, minute(9)).apart).toEqual(
    new Set(),
  );
  expect(joinProfiles(early, { ...late, apart: early.apart }, minute(9)).apart).toEqual(new Set(['x1']));
});
