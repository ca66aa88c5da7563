import { expect, it } from 'vitest';
import { expectArrival } from './arrival.ts';
import { sendByPython } from './python-client.ts';
import { newShopper, visit } from './shopper.ts';

it.concurrent.each([{ gzip: false }, { gzip: true }])(
  "Segment's Python library, gzip $gzip: what it sends becomes raw events, a profile and news",
  async ({ gzip }) => {
    const shopper = newShopper(`segment-python-${gzip ? 'gzip' : 'plain'}`);
    const calls = visit(shopper);
    expect(await sendByPython('segment', gzip, calls)).toEqual({ exitCode: 0, output: '' });
    await expectArrival(shopper, calls, 'shop-backend');
  },
);
