import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf } from '../../../lambdas/core/destinations/batches.ts';
import type { Item } from '../../../lambdas/core/destinations/destination.ts';
import { numRuns } from '../../fixtures/laws.ts';

const itemOf = (n: number, userId: string, about?: string): Item => ({
  id: `m${n}`,
  call: { type: 'track', messageId: `m${n}`, timestamp: '2026-05-01T00:00:00.000Z', userId },
  about,
});

it('are one item each where a destination takes no batches', () =>
  expect(batchesOf([itemOf(1, 'a'), itemOf(2, 'a')], undefined).map((batch) => batch.length)).toEqual([1, 1]));

it('have every item once, one key, one segment, and each person once, within the size', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('vip', 'new', undefined)), {
        maxLength: 60,
      }),
      fc.integer({ min: 1, max: 5 }),
      (drawn, size) => {
        const items = drawn.map(([person, about], n) => itemOf(n, person, about));
        const keyOf = ({ id }: Item) => String(Number(id.slice(1)) % 2);
        const batches = batchesOf(items, { size, keyOf });
        expect(
          batches
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(items.map(({ id }) => id).sort());
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(size);
          expect(new Set(batch.map(({ call }) => call.userId)).size).toBe(batch.length);
          expect(new Set(batch.map((item) => `${keyOf(item)} ${item.about}`)).size).toBe(1);
        }
      },
    ),
    { numRuns: numRuns(200) },
  ));
