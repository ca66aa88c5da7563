import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, it } from 'vitest';
import type * as catalogue from '../../../lambdas/adapters/destinations/catalogue.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { bundled } from '../../fixtures/bundled.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { audienceEvent } from '../../fixtures/told.ts';

const event = audienceEvent(newProfile('p1', eventOf({})), 'vip', configOf().identity, minute(2));

let sendThrough: typeof catalogue.sendThrough;
beforeAll(async () => {
  ({ sendThrough } = await bundled<typeof catalogue>('lambdas/adapters/destinations/catalogue.ts'));
});

it.each(['Telltale', 'Braze Cloud Mode (Actions)', 'Größe: 1 %'])('calls a destination named %s', async (name) => {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const text = { label: 'A text', description: 'A text', type: 'string', required: true };
  const definition = {
    name,
    mode: 'cloud',
    authentication: { scheme: 'custom', fields: { key: text } },
    actions: {
      tell: {
        title: 'Tell (it)',
        description: 'Tells it',
        fields: { what: text },
        perform: (request: (url: string, options: object) => unknown, { payload, settings }: Told) =>
          request(`http://${host}`, { method: 'post', json: { ...payload, ...settings } }),
      },
    },
  };
  const outcome = await sendThrough(definition, event, {
    action: 'tell',
    mapping: { what: { '@path': '$.event' } },
    settings: { key: 'k' },
    route: { allowedPrivateHosts: [host], deadline: Number.POSITIVE_INFINITY },
  });
  server.close();
  expect(outcome).toEqual({ kind: 'delivered', requests: 1 });
  expect(bodies).toEqual([{ what: event.event, key: 'k' }]);
});

interface Told {
  readonly payload: object;
  readonly settings: object;
}
