import type { Random } from '../../local/demo/shop/random.ts';

/** A call as a client's SDK writes it into a request. */
export type SampleCall = Record<string, unknown> & { readonly messageId: string; readonly type: string };

/** Whom a call is about, and what it says besides. */
interface SampleFields {
  readonly type?: 'track' | 'identify';
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly traits?: Readonly<Record<string, unknown>>;
  /** Names of which a track call has one. */
  readonly events?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Bytes of the call's JSON. */
  readonly bytes: number;
}

/** A call as analytics.js sends it, with the context of a page, of exactly the wanted size. */
export function sampleCall(
  random: Random,
  { type = 'track', userId, anonymousId, traits, events = eventNames, at, bytes }: SampleFields,
): SampleCall {
  const call = {
    type,
    messageId: messageId(random, at),
    timestamp: new Date(at).toISOString(),
    ...(userId !== undefined && { userId }),
    ...(anonymousId !== undefined && { anonymousId }),
    context: { ...browser, page: pages[random.below(pages.length)] },
    ...(type === 'track' ? { event: events[random.below(events.length)], properties: properties(random) } : { traits }),
  };
  return filled(call, bytes);
}

/** As analytics.js makes them: the time and a UUID. */
const messageId = (random: Random, at: number): string =>
  `ajs-next-${at}-${hex(random)}${hex(random).slice(0, 2)}-${hex(random).slice(0, 4)}-4${hex(random).slice(0, 3)}-a${hex(random).slice(0, 3)}-${hex(random)}${hex(random)}`;
const hex = (random: Random): string =>
  random
    .below(2 ** 24)
    .toString(16)
    .padStart(6, '0');

const browser = {
  library: { name: 'analytics.js', version: 'next-1.84.3' },
  userAgent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  locale: 'en-US',
  timezone: 'America/New_York',
};

const pages = ['vinyl', 'tapes', 'books'].map((shelf) => ({
  path: `/shop/${shelf}`,
  title: `Records and more: ${shelf}`,
  url: `https://shop.example.com/shop/${shelf}`,
}));

const eventNames = ['Product Viewed', 'Product Added', 'Products Searched', 'Cart Viewed'] as const;

const properties = (random: Random) => ({
  product_id: `p-${random.below(100_000)}`,
  price: random.below(10_000) / 100,
  quantity: 1 + random.below(3),
  currency: 'USD',
  in_stock: random.chance(0.9),
});

/** Text is added where clients have it, in a description, until the call has its size. */
function filled(call: SampleCall & { readonly context: object }, bytes: number): SampleCall {
  const name = 'description';
  const missing = bytes - JSON.stringify(call).length - `,"${name}":""`.length;
  if (missing < 0)
    throw new RangeError(`a call of ${bytes} bytes was wanted, and one without description has ${-missing} bytes more`);
  return {
    ...call,
    context: { ...call.context, [name]: 'words about it '.repeat(Math.ceil(missing / 15)).slice(0, missing) },
  };
}
