import type { Destination } from '../../core/destinations/destination.ts';
import type { Egress } from '../../core/destinations/egress.ts';
import type { DestinationSettings } from '../secrets/destination-settings.ts';
import { post } from './native/post.ts';
import { signatureHeaders } from './native/signature.ts';

/** Posts each call to an address, signed with a time; private addresses and redirects are refused. */
export const webhook = (
  settings: () => Promise<DestinationSettings>,
  { proxy }: Egress,
  now: () => number = Date.now,
): Destination => ({
  deliver: (items, { deadline }) =>
    Promise.all(
      items.map(async ({ call }) => {
        const { url, sharedSecret, allowedPrivateHosts } = await settings();
        const body = JSON.stringify(call);
        const headers =
          sharedSecret === undefined ? {} : signatureHeaders(sharedSecret, { id: call.messageId, at: now(), body });
        return post({ url, body, headers }, { allowedPrivateHosts, proxy, deadline });
      }),
    ),
});
