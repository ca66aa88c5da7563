import { randomBytes, randomInt } from 'node:crypto';

/** Texts that nobody else says, in all that a person says of themselves. */
export interface Markers {
  /** The smallest of its columns; it fits into a bound of Iceberg's manifests. */
  readonly short: string;
  /** The largest of its columns; a bound keeps the beginning of it. */
  readonly long: string;
  /** Digits of a number, as E.164 has them after the plus. */
  readonly phone: string;
  /** An address of the internet. */
  readonly ip: string;
  /** The message by which the person spoke of an account, which keeps it. */
  readonly ofAccount: string;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
/** A group of an address that does not begin with a nought. */
const group = (): string => `a${hex(2).slice(1)}`;

/** New markers, of 12 and of 40 characters where they may be as long as they like. */
export const newMarkers = (): Markers => ({
  short: `00${hex(5)}`,
  long: `zz${hex(19)}`,
  phone: `1201${randomInt(2_220_000, 9_100_000)}`,
  ip: `2001:db8:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`,
  ofAccount: hex(6),
});

/**
 * What must not be left of the person. Bounds in manifests have the first 16 characters, of which the upper one raises
 * the last.
 */
export const textsOf = ({ short, long, phone, ip }: Markers): string[] => [short, long.slice(0, 15), phone, ip];

/** What is of others, and must stay: a device that a friend uses, too, and an account. */
interface Shared {
  readonly tablet: string;
  readonly firm: string;
}

/** What a device says before anybody signs in. */
const visitOf = ({ short, long, ip }: Markers) => ({
  page: {
    ...{ url: `https://shop.example/${long}`, path: `/${short}`, title: long, search: `?q=${short}` },
    referrer: `https://${short}.example/`,
  },
  campaign: { name: long, source: short, medium: long, term: short, content: long },
  referrer: { id: short, type: long, name: short, url: `https://${long}.example/` },
  userAgent: long,
  locale: short,
  ip,
  timezone: long,
  location: { city: long, region: short },
  network: { carrier: long },
  library: { name: long, version: short },
});

const contextOf = (markers: Markers) => ({
  ...visitOf(markers),
  ...ofApp(markers),
  traits: { nickname: markers.long },
  externalIds: [{ id: `${markers.long}-card`, type: 'card_number', collection: 'users', encoding: 'none' }],
});

/** What an app says of itself and of what it runs on. */
const ofApp = ({ short, long }: Markers) => ({
  app: { name: long, version: short, build: long, namespace: short },
  os: { name: short, version: long },
  device: {
    ...{ id: short, name: long, model: short, manufacturer: long, token: short, type: 'ios' },
    ...{ advertisingId: `${long}-ad`, adTrackingEnabled: true },
  },
});

/** How many of the calls make a profile each. Later ones merge these. */
export const founding = 3;

/** Calls of every type by one person, with a marker in every field that is theirs. */
export function callsOf(markers: Markers, { tablet, firm }: Shared): readonly object[] {
  const { short, long } = markers;
  const context = contextOf(markers);
  const integrations = { All: true, [long]: { note: short } };
  const said = { userId: short, context, integrations };
  const order = { order_id: long, revenue: 600, currency: 'EUR', products: [{ product_id: short, name: long }] };
  const traits = {
    ...{ email: `${long}@example.com`, first_name: long, city: short, address: { street: long, city: short } },
    ...{ newsletter: true, lifetime_value: 300, phone: `+${markers.phone}` },
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
    { type: 'group', messageId: markers.ofAccount, ...said, groupId: firm, traits: { seats: 3 } },
  ];
}

/** A call that collect refuses and keeps: it names no event. */
export const refusedCall = (markers: Markers) => ({
  ...{ type: 'track', messageId: `${markers.short}-refused`, userId: markers.short },
  ...{ context: contextOf(markers), properties: { note: markers.long } },
});
