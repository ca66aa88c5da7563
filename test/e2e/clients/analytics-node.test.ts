import { Analytics } from '@segment/analytics-node';
import { expect, it } from 'vitest';
import { platform } from '../platform/deployment.ts';
import { expectArrival } from './arrival.ts';
import { newShopper, visit } from './shopper.ts';

it("Segment's Node library: what it sends becomes raw events, a profile and news for the destination", async () => {
  const shopper = newShopper('analytics-node');
  const calls = visit(shopper);
  const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl });
  const failures: unknown[] = [];
  analytics.on('error', (failure) => failures.push(failure));
  for (const { at, ...stated } of calls) analytics[stated.type]({ ...stated, timestamp: new Date(at) } as never);
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);
  await expectArrival(shopper, calls, 'shop-backend');
});
