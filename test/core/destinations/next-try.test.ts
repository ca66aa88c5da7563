import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  daysInQueue,
  type FailedTry,
  hoursOfTries,
  nextTry,
  secondsHeld,
} from '../../../lambdas/core/destinations/next-try.ts';
import { numRuns } from '../../fixtures/laws.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-03-01T12:00:00Z');
const failed = (more: Partial<FailedTry> = {}): FailedTry => ({ queued: now, firstTried: now, tries: 1, now, ...more });

it.each([
  [1, 2],
  [2, 4],
  [5, 32],
  [9, 512],
  [10, 900],
  [1_000, 900],
])('after try %i it waits for up to %i seconds, by chance', (tries, most) => {
  expect(nextTry(failed({ tries }), 0)).toBe(1);
  expect(nextTry(failed({ tries }), 0.5)).toBe(most / 2);
  expect(nextTry(failed({ tries }), 1 - Number.EPSILON)).toBe(most);
});

it.each([
  { hours: 1, most: 900 },
  { hours: 24, most: 900 },
  { hours: 288, most: 10_368 },
])('waits for up to $most seconds where it is tried for $hours hours', ({ hours, most }) => {
  expect(nextTry(failed({ tries: 1_000, hours }), 1 - Number.EPSILON)).toBe(most);
  const until = (passed: number) => nextTry(failed({ firstTried: now - passed, hours }), 0.5);
  expect([until(hours * hour - 1) === undefined, until(hours * hour)]).toEqual([false, undefined]);
});

describe('Retry-After', () => {
  it.each([
    ['seconds', '120', 120],
    ['a date', 'Sun, 01 Mar 2026 12:10:00 GMT', 600],
    ['more than an hour', '86400', 3_600],
    ['a date in a year', 'Mon, 01 Mar 2027 12:00:00 GMT', 3_600],
    ['more seconds than a number tells apart', '9'.repeat(400), 3_600],
    ['less than it waits anyway', '0', 1],
    ['a date that is over', 'Sun, 01 Mar 2026 11:00:00 GMT', 1],
    ['something below nothing', '-5', 1],
    ['a year', '2030', 2_030],
    ['nothing that anybody can read', 'tomorrow, GMT', 1],
    ['nothing', '', 1],
  ])('may be %s', (_, retryAfter, seconds) => expect(nextTry(failed({ retryAfter }), 0)).toBe(seconds));
});

it.each([
  { name: 'a moment before its time is over', passed: { firstTried: now - hoursOfTries * hour + 1 }, givenUp: false },
  { name: 'when its time is over', passed: { firstTried: now - hoursOfTries * hour }, givenUp: true },
  { name: 'at its first try, when it waited for days', passed: { queued: now - 12 * day }, givenUp: false },
  { name: 'a day before its queue forgets it', passed: { queued: now - daysInQueue * day }, givenUp: true },
])('$name: given up is $givenUp', ({ passed, givenUp }) => {
  expect(nextTry(failed(passed), 0.5) === undefined).toBe(givenUp);
});

it('is tried for the hours that are promised, within the receives that its queue allows, and never longer than the queue keeps it', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 14 * day }),
      fc.constantFrom(1, 4, 24, 288),
      fc.gen(),
      (waited, hours, random) => {
        let time = now + waited;
        for (let tries = 1; ; tries++) {
          const asked = random(fc.option, fc.nat(1e6), { freq: 9 });
          const retryAfter = asked === null ? undefined : String(asked);
          const step = { queued: now, firstTried: now + waited, tries, now: time, retryAfter, hours };
          const seconds = nextTry(step, random(fc.nat, 999) / 1_000);
          if (seconds === undefined) {
            expect(time - now).toBeLessThan(14 * day + hour);
            if (waited < (daysInQueue * 24 - hours - 3) * hour)
              expect(time - now - waited).toBeGreaterThanOrEqual(hours * hour);
            // lib/activation/destination.ts gives it so many receives; each wait is at most SQS's 12 hours.
            expect(tries).toBeLessThanOrEqual(1_000);
            return;
          }
          expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 3 * 3_600).toBe(true);
          time += seconds * 1_000;
        }
      },
    ),
    { numRuns: numRuns(500) },
  ));

describe('a message that is held back', () => {
  it.each([1, 10, 60, 900])('for %i s each time is not received 1,000 times before its queue drops it', (seconds) => {
    const waits = Array.from({ length: 999 }, (_, n) => secondsHeld(seconds, n + 1));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(14 * 24 * 3_600);
    expect(Math.max(...waits)).toBe(3_600);
  });

  it('is held for no longer than it must while it was received a few times', () =>
    expect([1, 2, 5, 10].map((receives) => secondsHeld(1, receives))).toEqual([1, 1, 1, 1]));
});
