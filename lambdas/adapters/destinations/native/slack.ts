import type { Destination, Item } from '../../../core/destinations/destination.ts';
import type { Egress } from '../../../core/destinations/egress.ts';
import type { DestinationSettings } from '../../secrets/destination-settings.ts';
import { partsAbout } from './parts-about.ts';
import { post } from './post.ts';

/** Posts a line about each call to an incoming webhook of Slack. */
export const slack = (settings: () => Promise<DestinationSettings>, { proxy }: Egress): Destination => ({
  deliver: (items, { deadline }) =>
    Promise.all(
      items.map(async (item) => {
        const { url, allowedPrivateHosts } = await settings();
        return post({ url, body: JSON.stringify({ text: lineAbout(item) }) }, { allowedPrivateHosts, proxy, deadline });
      }),
    ),
});

const lineAbout = (item: Item): string => {
  const [what = '', ...more] = partsAbout(item).map(plain);
  return [`*${what}*`, ...more].join(' · ');
};

/** Slack reads these three characters as markup: https://docs.slack.dev/messaging/formatting-message-text */
const plain = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
