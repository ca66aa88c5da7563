import { expect, it } from 'vitest';
import { playChosenOrders } from './chosen-orders.ts';

it('profiles end as they must, in orders that fast-check chooses', async () => {
  expect((await playChosenOrders(150)).totalOf('contention: ')).toBeGreaterThan(0);
}, 120_000);
