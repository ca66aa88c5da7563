import { randomBytes } from 'node:crypto';

/** Texts that nobody else says, in all that a person says of themselves. */
export interface Markers {
  /** The smallest of its columns; it fits into a bound of Iceberg's manifests. */
  readonly short: string;
  /** The largest of its columns; a bound keeps the beginning of it. */
  readonly long: string;
}

/** New markers of 12 and of 40 characters. */
export const newMarkers = (): Markers => ({
  short: `00${randomBytes(5).toString('hex')}`,
  long: `zz${randomBytes(19).toString('hex')}`,
});

/** What to look for: bounds in manifests have the first 16 characters, of which the upper one raises the last. */
export const textsOf = ({ short, long }: Markers): string[] => [short, long.slice(0, 15)];

/** What is of others, and must stay: a device that a friend uses, too, and an account. */
interface Shared {
  readonly tablet: string;
  readonly firm: string;
}

/** What a device says before anybody signs in. */
const visitOf = ({ short, long }: Markers) => ({
  page: { url: `https://shop.example/${long}`, path: `/${short}`, title: long, referrer: `https://${short}.example/` },
  campaign: { name: long, source: short, medium: long, term: short, content: long },
  userAgent: long,
  locale: short,
});

const contextOf = ({ short, long }: Markers) => ({
  ...visitOf({ short, long }),
  device: { id: short, name: long, model: short },
  traits: { nickname: long },
  externalIds: [{ id: `${long}-card`, type: 'card_number', collection: 'users', encoding: 'none' }],
});

/** How many of the calls make a profile each. Later ones merge these. */
export const founding = 3;

/** Calls of every type by one person, with a marker in every field that is theirs. */
export function callsOf(markers: Markers, { tablet, firm }: Shared): readonly object[] {
  const { short, long } = markers;
  const context = contextOf(markers);
  const said = { userId: short, context };
  const order = { order_id: long, revenue: 250, currency: 'EUR', products: [{ product_id: short, name: long }] };
  const traits = {
    ...{ email: `${long}@example.com`, first_name: long, city: short, address: { street: long, city: short } },
    ...{ newsletter: true, lifetime_value: 300 },
  };
  return [
    { type: 'identify', messageId: `${short}-identify`, ...said, anonymousId: tablet, traits },
    {
      type: 'page',
      messageId: `${long}-page`,
      anonymousId: `${short}-phone`,
      name: long,
      category: short,
      context: visitOf(markers),
    },
    { type: 'page', messageId: `${short}-page`, anonymousId: `${long}-laptop`, context: visitOf(markers) },
    { type: 'alias', messageId: `${short}-alias`, ...said, previousId: `${short}-phone` },
    { type: 'alias', messageId: `${long}-alias`, ...said, previousId: `${long}-laptop` },
    { type: 'screen', messageId: `${long}-screen`, ...said, name: short, category: long, properties: { note: long } },
    { type: 'track', messageId: `${short}-track`, ...said, event: long, properties: { [short]: long, note: short } },
    { type: 'track', messageId: `${long}-order`, ...said, event: 'Order Completed', properties: order },
    // An account keeps what is said about it, and by which message.
    { type: 'group', messageId: `${firm}-group`, ...said, groupId: firm, traits: { seats: 3 } },
  ];
}

/** A call that collect refuses and keeps. */
export const refusedCall = ({ short, long }: Markers) => ({
  ...{ type: 'track', messageId: `${short}-refused`, userId: short, properties: { note: long } },
});
