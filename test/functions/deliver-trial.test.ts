import { expect, it } from 'vitest';
import type { Exchange } from '../../lambdas/adapters/egress/exchanges.ts';
import type { Destination, Item } from '../../lambdas/core/destinations/destination.ts';
import { withTrials } from '../../lambdas/functions/deliver/trial.ts';

const call = { type: 'track', messageId: 'made-up', timestamp: '2026-01-01T00:00:00.000Z', event: 'Audience Entered' };
const secret = { settings: { key: 'a key/1' }, oauth: { accessToken: 'tok-1' }, allowedPrivateHosts: ['10.0.0.1:80'] };
const exchange: Exchange = {
  method: 'POST',
  url: `https://tool.example/tok-1?key=${encodeURIComponent('a key/1')}`,
  body: `{"basic":"${Buffer.from('a key/1').toString('base64')}","host":"10.0.0.1:80","audience_key":"vips"}`,
  status: 200,
  answer: '{"access_token":"fresh","refreshToken" : "fresh","id":"1"}',
};

function tried() {
  const items: Item[] = [];
  const destination: Destination = {
    deliver: async (given) => {
      items.push(...given);
      return [{ kind: 'delivered', requests: 1 }];
    },
  };
  const handler = withTrials(async (event: object) => ({ handed: event }) as object, {
    destination,
    now: () => 0,
    trials: {
      noting: async (act) => ({ result: await act(), exchanges: [exchange] }),
      secret: async () => JSON.stringify(secret),
    },
  });
  return { items, handler };
}

it('tells the destination a made-up call, and shows what was sent without secrets', async () => {
  const { items, handler } = tried();
  expect(await handler({ trial: { call, about: 'vips' } })).toEqual({
    outcome: { kind: 'delivered', requests: 1 },
    exchanges: [
      {
        method: 'POST',
        url: 'https://tool.example/•••?key=•••',
        body: '{"basic":"•••","host":"10.0.0.1:80","audience_key":"vips"}',
        status: 200,
        answer: '{"access_token":"•••","refreshToken" : "•••","id":"1"}',
      },
    ],
  });
  expect(items).toEqual([{ id: 'made-up', call, about: 'vips' }]);
});

it.each([{ Records: [] }, { trial: { call: 5 } }, { trial: {} }, {}])('hands on %j', async (event) => {
  const { items, handler } = tried();
  expect([await handler(event), items]).toEqual([{ handed: event }, []]);
});
