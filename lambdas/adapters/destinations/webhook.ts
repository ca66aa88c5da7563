import webhookDefinition from '@segment/action-destinations/dist/destinations/webhook/index.js';
import type { AudienceEvent } from '../../core/destinations/audience-event.ts';
import type { DestinationSettings } from '../secrets/destination-settings.ts';
import { sendThrough } from './catalogue.ts';

/**
 * Sends an event with the catalogue's webhook destination, which signs it; private addresses and redirects are refused.
 * @throws NotTaken when the receiver refuses it
 */
export const webhook =
  (settings: () => Promise<DestinationSettings>) =>
  async (event: AudienceEvent): Promise<void> => {
    const { url, sharedSecret, allowedPrivateHosts } = await settings();
    await sendThrough(webhookDefinition, event, {
      action: 'send',
      mapping: { url, method: 'POST', data: { '@path': '$.' } },
      settings: { ...(sharedSecret !== undefined && { sharedSecret }) },
      allowedPrivateHosts,
    });
  };
