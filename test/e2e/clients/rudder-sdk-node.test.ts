import RudderStack from '@rudderstack/rudder-sdk-node';
import { expect, it } from 'vitest';
import { platform } from '../platform/deployment.ts';
import { expectArrival } from './arrival.ts';
import { newShopper, visit } from './shopper.ts';

it("RudderStack's Node library, which labels gzip as a form: what it sends becomes raw events, a profile and news", async () => {
  const shopper = newShopper('rudder-sdk-node');
  const calls = visit(shopper);
  const client = new RudderStack(platform.writeKey, {
    dataPlaneUrl: platform.ingestUrl,
    logLevel: 'none',
    retryCount: 0,
  });
  const answers = calls.map(
    ({ at, ...stated }) =>
      new Promise((resolve) => client[stated.type]({ ...stated, timestamp: new Date(at) } as never, resolve as never)),
  );
  await client.flush();
  expect(await Promise.all(answers)).toEqual(calls.map(() => undefined));
  await expectArrival(shopper, calls, 'shop-backend');
});
