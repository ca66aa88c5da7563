import { expect, it } from 'vitest';
import { expectArrival } from './arrival.ts';
import { sendByPython } from './python-client.ts';
import { newShopper, visit } from './shopper.ts';

it("RudderStack's Python library, which takes only 200 for success: what it sends becomes raw events, a profile and news", async () => {
  const shopper = newShopper('rudder-python');
  const calls = visit(shopper);
  expect(await sendByPython('rudderstack', true, calls)).toEqual({ exitCode: 0, output: '' });
  await expectArrival(shopper, calls, 'shop-backend');
});
