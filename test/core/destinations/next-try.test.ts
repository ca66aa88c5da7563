import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysInQueue, type FailedTry, hoursOfTries, nextTry } from '../../../lambdas/core/destinations/next-try.ts';
import { numRuns } from '../../fixtures/laws.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-03-01T12:00:00Z');
const failed = (more: Partial<FailedTry> = {}): FailedTry => ({ queued: now, firstTried: now, tries: 1, now, ...more });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it.each([
  [1, 1, 2],
  [2, 2, 4],
  [5, 16, 32],
  [9, 256, 512],
  [10, 450, 900],
  [1_000, 450, 900],
])('after try %i it waits from %i to %i seconds', (tries, least, most) => {
  expect(nextTry(failed({ tries }), 0)).toBe(least);
  expect(nextTry(failed({ tries }), 1 - Number.EPSILON)).toBe(most);
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
      fc.array(fc.record({ chance, asked: fc.option(fc.nat(1e6)) }), { minLength: 1 }),
      (waited, steps) => {
        let time = now + waited;
        for (let tries = 1; ; tries++) {
          const step = steps[tries % steps.length];
          const retryAfter = step?.asked == null ? undefined : String(step.asked);
          const seconds = nextTry(
            { queued: now, firstTried: now + waited, tries, now: time, retryAfter },
            step?.chance ?? 0,
          );
          if (seconds === undefined) {
            expect(time - now).toBeLessThan(14 * day + hour);
            if (waited < (daysInQueue * 24 - hoursOfTries - 1) * hour)
              expect(time - now - waited).toBeGreaterThanOrEqual(hoursOfTries * hour);
            // lib/activation/destination.ts gives it so many receives; each wait is at most SQS's 12 hours.
            expect(tries).toBeLessThanOrEqual(100);
            return;
          }
          expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600).toBe(true);
          time += seconds * 1_000;
        }
      },
    ),
    { numRuns: numRuns(2_000) },
  ));
