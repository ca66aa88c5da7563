import { unique } from '../platform/deployment.ts';

/** Many people in one batch, and how each must look once it is applied. */
export interface Crowd {
  /** Begins every userId. */
  readonly prefix: string;
  /** Each device of those who have two, seen before anybody says who they are: a merge for later. */
  readonly strangers: readonly object[];
  readonly batch: readonly object[];
  readonly profiles: ReadonlyMap<string, object>;
  /** Those who enter the segment `newsletter`. */
  readonly readers: readonly string[];
}

const [people, withTwoDevices, readers] = [150, 25, 5];

/** Invents a crowd; each says who they are, and reviews a product, by messages with ids of their own. */
export function newCrowd(name: string): Crowd {
  const prefix = `${unique(name)}-`;
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  const message = (userId: string, what: string) => ({ messageId: `${userId}-${what}`, timestamp });
  const ids = Array.from({ length: people }, (_, index) => `${prefix}${index}`);
  const devices = (userId: string, index: number) =>
    index < withTwoDevices ? [`${userId}-phone`, `${userId}-laptop`] : [`${userId}-phone`];
  const traits = (index: number) => ({
    email: `${prefix}${index}@example.com`,
    newsletter: index < readers,
    order_count: 1,
  });
  return {
    prefix,
    strangers: ids
      .slice(0, withTwoDevices)
      .flatMap((userId, index) =>
        devices(userId, index).map((anonymousId) => ({ type: 'page', anonymousId, ...message(anonymousId, 'looks') })),
      ),
    batch: ids.flatMap((userId, index) => [
      ...devices(userId, index).map((anonymousId) => ({
        type: 'identify',
        userId,
        anonymousId,
        traits: traits(index),
        ...message(anonymousId, 'logs-in'),
      })),
      { type: 'track', event: 'Product Reviewed', userId, ...message(userId, 'reviews') },
    ]),
    profiles: new Map(ids.map((userId, index) => [userId, expected(userId, traits(index), devices(userId, index))])),
    readers: ids.slice(0, readers),
  };
}

/** Who has two devices was two strangers first: two more messages, and one merge. */
const expected = (
  userId: string,
  traits: { readonly email: string; readonly newsletter: boolean },
  devices: readonly string[],
) => ({
  eventCount: devices.length === 2 ? 5 : 2,
  mergeCount: devices.length - 1,
  identifiers: [...devices.map((id) => `anonymous_id:${id}`), `email:${traits.email}`, `user_id:${userId}`].sort(),
  traits,
  segments: traits.newsletter ? ['newsletter'] : [],
});
