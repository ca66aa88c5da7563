import fc from 'fast-check';
import { expect, it } from 'vitest';
import { takeSlots } from '../../../lambdas/core/destinations/pace.ts';
import { numRuns } from '../../fixtures/laws.ts';

const now = 1_000_000;
const ones = (count: number): number[] => Array(count).fill(1);

it.each([
  { name: 'a second of deliveries at once after a rest', weights: ones(30), perSecond: 10, granted: 10, seconds: 2 },
  { name: 'all that there are', weights: ones(3), perSecond: 10, granted: 3, seconds: 1 },
  { name: 'one where one takes longer than a second', weights: ones(3), perSecond: 0.1, granted: 1, seconds: 20 },
  { name: 'a message that needs more than there is, alone', weights: [60, 60], perSecond: 10, granted: 1, seconds: 6 },
])('grants $name', ({ weights, perSecond, granted, seconds }) =>
  expect(takeSlots(undefined, { weights, perSecond, now })).toMatchObject({ granted, seconds }),
);

it('grants over any time no more than the rate, a burst and one message', () =>
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 500, noNaN: true }),
      fc.array(
        fc.record({ pause: fc.nat(3_000), weights: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 10 }) }),
      ),
      (perSecond, asks) => {
        let pace: { nextAt: number } | undefined;
        let time = now;
        let told = 0;
        for (const { pause, weights } of asks) {
          time += pause;
          const slots = takeSlots(pace, { weights, perSecond, now: time });
          pace = slots.pace;
          told += weights.slice(0, slots.granted).reduce((sum, weight) => sum + weight, 0);
          expect(slots.seconds).toBeGreaterThanOrEqual(1);
          expect(told).toBeLessThanOrEqual((1 + (time - now) / 1_000) * perSecond + 60 + 1e-6);
        }
      },
    ),
    { numRuns: numRuns(500) },
  ));
