import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { boundProfile } from '../../../lambdas/core/limits/profile-bound.ts';
import { isGranted } from '../../../lambdas/core/profile/consent.ts';
import { joinProfiles } from '../../../lambdas/core/profile/join.ts';
import { type Draft, draftOf, newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { applyEvent } from '../../../lambdas/core/stitching/effects/apply-event.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf();
const at = minute(0);
const values = [
  1,
  'short',
  null,
  'x'.repeat(300),
  { a: 'y'.repeat(3000) },
  'z'.repeat(7000),
  'é'.repeat(4000),
  'w'.repeat(20_000),
];
const categories = ['ads', 'mail', 'x'.repeat(90), 'y'.repeat(101)];

/**
 * An event that says much: large traits, accounts with long ids, consent about many things. Its content is a function
 * of its id.
 */
const someEvent = fc
  .record({ id: fc.nat({ max: 2000 }), at: fc.nat({ max: 40 }), device: fc.constantFrom('a', 'b'.repeat(400), 'c') })
  .map(({ id, at, device }) =>
    eventOf({
      type: id % 2 === 0 ? 'group' : 'identify',
      groupId: `${id % 120}-${'g'.repeat(id % 8 === 0 ? 3 : 480)}`,
      messageId: `m${id}`,
      userId: 'u1',
      anonymousId: device,
      timestamp: minute(at),
      traits: Object.fromEntries(
        [0, 1, 2].map((n) => [
          `trait ${(id + n * 7) % 23}${n === 2 && id % 11 === 0 ? 'n'.repeat(130) : ''}`,
          values[(id + n) % values.length],
        ]),
      ),
      context: {
        consent: {
          categoryPreferences: {
            [`${categories[id % 4]}${id % 4 === 2 ? id % 60 : ''}`]: id % 5 > 1,
            [`c${id % 30}`]: id % 2 === 0,
          },
        },
      },
    }),
  );
const someEvents = fc.uniqueArray(someEvent, {
  selector: ({ messageId }) => messageId,
  minLength: 1,
  maxLength: 90,
  size: 'max',
});

function profileOf(events: readonly Event[], bound: (draft: Draft) => Draft = (draft) => draft): Draft {
  let draft = newProfile('p', eventOf({ receivedAt: at, timestamp: events[0]?.timestamp ?? at }));
  for (const event of events) {
    const isElsewhere = event.messageId.endsWith('3');
    const device: readonly Identifier[] = isElsewhere ? [] : [`anonymous_id:${event.anonymousId}`];
    applyEvent(draft, event, ['user_id:u1', ...device], { rules: config, isElsewhere });
    draft = bound(draft);
  }
  return draft;
}
const bounded = (profile: Profile): Draft => draftOf(boundProfile(profile));

const sorted = <K, V>(map: ReadonlyMap<K, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
const person = ({
  identifiers,
  traits,
  consent,
  accounts,
  eventCount,
  firstSeen,
  lastSeen,
  recent,
  horizons,
}: Profile) => ({
  ...{ eventCount, firstSeen, lastSeen, recent, horizons },
  ...{ identifiers: sorted(identifiers), traits: sorted(traits), consent: sorted(consent), accounts: sorted(accounts) },
});

describe('a profile at its bounds is a join', () => {
  it('cut after every event, now and then, or once at the end, in any order and split over profiles that merge (seed 7)', () => {
    const cut = { traits: 0, accounts: 0, consent: 0 };
    fc.assert(
      fc.property(someEvents, fc.infiniteStream(fc.nat({ max: 1000 })), (events, chances) => {
        const chance = () => chances.next().value as number;
        const whole = bounded(profileOf(events));
        for (const kind of ['traits', 'accounts', 'consent'] as const)
          if (whole.horizons?.[kind] !== undefined) cut[kind] += 1;
        const shuffled = events
          .map((event) => ({ event, at: chance() }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        expect(person(profileOf(shuffled, bounded))).toEqual(person(whole));
        const parts = [0, 1, 2]
          .map((part) => shuffled.filter((_, n) => n % 3 === part))
          .filter((part) => part.length > 0);
        const apart = parts.map((part, n) => ({
          ...profileOf(part, (draft) => (chance() % 3 === 0 ? bounded(draft) : draft)),
          profileId: `p${n}`,
        }));
        expect(person(bounded(apart.map(bounded).reduce((a, b) => joinProfiles(a, b, at))))).toEqual(person(whole));
        expect(person(bounded(apart.reduceRight((a, b) => bounded(joinProfiles(a, b, at)))))).toEqual(person(whole));
        expect(person(bounded(joinProfiles(whole, whole, at)))).toEqual({
          ...person(whole),
          eventCount: whole.eventCount,
        });
      }),
      { numRuns: numRuns(300), seed: 7 },
    );
    expect(Object.entries(cut).filter(([, times]) => times < 3)).toEqual([]);
  });

  it('loses no identifier and no count, and never grants what anybody refused', () =>
    fc.assert(
      fc.property(someEvents, (events) => {
        const [whole, kept] = [profileOf(events), profileOf(events, bounded)];
        expect([kept.eventCount, sorted(kept.identifiers), sorted(kept.marks)]).toEqual([
          whole.eventCount,
          sorted(whole.identifiers),
          sorted(whole.marks),
        ]);
        const stated = new Set([...whole.consent.keys()].map((key) => key.slice(0, key.indexOf('|'))));
        for (const category of stated)
          if (isGranted(whole, category) === false) expect(isGranted(kept, category)).toBe(false);
      }),
      { numRuns: numRuns(100) },
    ));
});

it('a category whose name is too long is never granted', () => {
  const person = profileOf([
    eventOf({ userId: 'u1', context: { consent: { categoryPreferences: { ['y'.repeat(101)]: true, ads: true } } } }),
  ]);
  expect([isGranted(person, 'y'.repeat(101)), isGranted(person, 'ads'), isGranted(person, 'mail')]).toEqual([
    false,
    true,
    undefined,
  ]);
});
