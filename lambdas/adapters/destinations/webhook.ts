import webhookDefinition from '@segment/action-destinations/dist/destinations/webhook/index.js';
import type { Call, Destination } from '../../core/destinations/destination.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';
import type { DestinationSettings } from '../secrets/destination-settings.ts';
import { sendThrough } from './catalogue.ts';

/** The catalogue's webhook destination, which signs each call; private addresses and redirects are refused. */
export const webhook = (settings: () => Promise<DestinationSettings>): Destination => ({
  deliver: (items) => Promise.all(items.map(async ({ call }) => tell(call, await settings()))),
});

async function tell(call: Call, { url, sharedSecret, allowedPrivateHosts }: DestinationSettings): Promise<Outcome> {
  await sendThrough(webhookDefinition, call, {
    action: 'send',
    mapping: { url, method: 'POST', data: { '@path': '$.' } },
    settings: { ...(sharedSecret !== undefined && { sharedSecret }) },
    allowedPrivateHosts,
  });
  return { kind: 'delivered', requests: 1 };
}
