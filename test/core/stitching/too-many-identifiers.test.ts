import { expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch, transactionItems } from '../../../lambdas/core/stitching/plan.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const config = configOf();

/** An event that names a person by so many identifiers, each of a type of its own, so that no limit drops any. */
const naming = (count: number): Event =>
  eventOf({
    context: {
      externalIds: Array.from({ length: count }, (_, n) => ({
        id: 'x',
        type: `type_${n}`,
        collection: 'users',
        encoding: 'none',
      })),
    },
  });

const plan = (...events: Event[]) => planStitch(sight(events, config), new Map(), config, () => 'p');

it('takes an event that names as many identifiers as a write can claim', () => {
  const { writes, deferred, capped } = plan(naming(transactionItems - 1));
  expect(writes[0]?.claimed).toHaveLength(transactionItems - 1);
  expect([deferred, capped]).toEqual([[], []]);
});

it('puts aside an event that names one more, for no other batch could write it either', () => {
  const { writes, deferred, capped } = plan(naming(transactionItems));
  expect([writes, deferred]).toEqual([[], []]);
  expect(capped).toEqual([{ sighting: expect.anything(), rule: 'cap of 100 items in a write' }]);
});
