import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fingerprint, markWindow, pruneMarks } from '../../lambdas/core/marks.ts';
import { applyEvent, draftOf, newProfile } from '../../lambdas/core/profile.ts';
import { liveAt, parseProfileItem, toProfileItem, toTombstone } from '../../lambdas/core/profile-item.ts';
import { eventOf } from '../fixtures/events.ts';

it('gives back what it stored, whatever names and values a client used', () =>
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (traits, userId) => {
      const draft = draftOf(newProfile('p1', eventOf({})));
      applyEvent(draft, eventOf({ type: 'identify', traits }), [`user_id:${userId}`]);
      const item = parseProfileItem(JSON.parse(JSON.stringify(toProfileItem(draft, 3, []))));
      expect(item).toEqual({
        kind: 'profile',
        version: 3,
        profile: JSON.parse(JSON.stringify([...draft.traits])) && { ...draft, traits: new Map(JSON.parse(JSON.stringify([...draft.traits]))) },
      });
    }),
  ));

it('follows tombstones to the live profile and ends where there is none', () => {
  const live = { kind: 'profile' as const, version: 1, profile: newProfile('c', eventOf({})) };
  const stone = (at: string, into: string) => parseProfileItem(toTombstone(at, 1, into));
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

it('refuses an item that it did not write', () => expect(() => parseProfileItem({ kind: 'profile', profileId: 'p' })).toThrow(/version/));

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
