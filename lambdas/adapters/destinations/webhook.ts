import webhookDefinition from '@segment/action-destinations/dist/destinations/webhook/index.js';
import type { Destination } from '../../core/destinations/destination.ts';
import type { Egress } from '../../core/destinations/egress.ts';
import type { DestinationSettings } from '../secrets/destination-settings.ts';
import { sendThrough } from './catalogue.ts';

/** The catalogue's webhook destination, which signs each call; private addresses and redirects are refused. */
export const webhook = (settings: () => Promise<DestinationSettings>, { proxy }: Egress): Destination => ({
  deliver: (items, { deadline }) =>
    Promise.all(
      items.map(async ({ call }) => {
        const { url, sharedSecret, allowedPrivateHosts } = await settings();
        return sendThrough(webhookDefinition, call, {
          action: 'send',
          mapping: { url, method: 'POST', data: { '@path': '$.' } },
          settings: { ...(sharedSecret !== undefined && { sharedSecret }) },
          route: { allowedPrivateHosts, proxy, deadline },
        });
      }),
    ),
});
