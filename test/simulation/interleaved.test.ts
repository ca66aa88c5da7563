import { expect, it } from 'vitest';
import { numRuns } from '../fixtures/laws.ts';
import { playChosenOrders } from './histories/chosen-orders.ts';

it('profiles end as they must, in orders that fast-check chooses', async () => {
  expect((await playChosenOrders(numRuns(150))).totalOf('contention: ')).toBeGreaterThan(0);
});
