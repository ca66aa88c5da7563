import { unique } from '../platform/deployment.ts';

/** A person who is new to the platform. */
export interface Shopper {
  readonly userId: string;
  readonly anonymousId: string;
  /** An id that the shop used for them before; an alias call says so. */
  readonly previousId: string;
  readonly email: string;
}

type Fields = Readonly<Record<string, string | number | boolean>>;

/** One call of an SDK. */
export type Call =
  | {
      readonly type: 'page';
      readonly at: string;
      readonly anonymousId: string;
      readonly name: string;
      readonly properties: Fields;
    }
  | {
      readonly type: 'identify';
      readonly at: string;
      readonly anonymousId: string;
      readonly userId: string;
      readonly traits: Fields;
    }
  | {
      readonly type: 'track';
      readonly at: string;
      readonly userId: string;
      readonly event: string;
      readonly properties: Fields;
    }
  | {
      readonly type: 'screen';
      readonly at: string;
      readonly userId: string;
      readonly name: string;
      readonly properties: Fields;
    }
  | {
      readonly type: 'group';
      readonly at: string;
      readonly userId: string;
      readonly groupId: string;
      readonly traits: Fields;
    }
  | { readonly type: 'alias'; readonly at: string; readonly userId: string; readonly previousId: string };

/** Makes up a person whom no other test knows. */
export function newShopper(test: string): Shopper {
  const userId = unique(test);
  return { userId, anonymousId: `device-${userId}`, previousId: `guest-${userId}`, email: `${userId}@example.com` };
}

/** One call of each kind, a second apart, some minutes ago: somebody looks around, says who they are, and reviews. */
export function visit({ userId, anonymousId, previousId, email }: Shopper): Call[] {
  const start = Date.now() - 300_000;
  const at = (second: number) => new Date(start + second * 1000).toISOString();
  const traits = {
    email: email.toUpperCase(),
    first_name: 'Zoë',
    newsletter: true,
    lifetime_value: 250.5,
    order_count: 2,
  };
  return [
    { type: 'page', at: at(0), anonymousId, name: 'Home', properties: { campaign: 'spring' } },
    { type: 'identify', at: at(1), anonymousId, userId, traits },
    { type: 'track', at: at(2), userId, event: 'Product Reviewed', properties: { rating: 4.5, currency: 'EUR' } },
    { type: 'screen', at: at(3), userId, name: 'Basket', properties: { items: 2 } },
    { type: 'group', at: at(4), userId, groupId: `household-${userId}`, traits: { plan: 'family' } },
    { type: 'alias', at: at(5), userId, previousId },
  ];
}

/** How a person must look after `visit`, said without any rule of the platform. */
export const visited = ({ userId, anonymousId, previousId, email }: Shopper) => ({
  eventCount: 6,
  identifiers: [
    `anonymous_id:${anonymousId}`,
    `anonymous_id:${previousId}`,
    `email:${email.toLowerCase()}`,
    `user_id:${userId}`,
  ].sort(),
  traits: { email: email.toUpperCase(), first_name: 'Zoë', newsletter: true, lifetime_value: 250.5, order_count: 2 },
  segments: ['big_spenders', 'newsletter'],
});
