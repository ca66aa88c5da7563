import type { AudienceEvent } from '../../../lambdas/core/destinations/audience-event.ts';
import type { Destination, Item } from '../../../lambdas/core/destinations/destination.ts';
import type { Outcome } from '../../../lambdas/core/destinations/outcome.ts';
import type { Chance } from '../running/chance.ts';

/** How a tool is told. */
export type Manner = 'one by one' | 'in batches' | 'in batches, slowly';

const statuses = [400, 401, 403, 408, 409, 413, 423, 425, 429, 500, 501, 503];

/** A tool that fails by chance, and remembers by name who is in. It may take what it does not confirm. */
export function faultyTool(chance: Chance, manner: Manner) {
  const members = new Set<string>();
  let isMended = false;
  const take = ({ call }: Item): void => {
    const { userId, anonymousId, event } = call as AudienceEvent;
    const name = userId ?? anonymousId ?? '';
    if (event === 'Audience Entered') members.add(name);
    else members.delete(name);
  };
  const taken: Outcome = { kind: 'delivered', requests: 1 };
  /** A tool that says of each item what became of it. */
  const takeSome = (items: readonly Item[]): Outcome[] =>
    items.map((item) => {
      if (chance.happens(1 / 4)) return { kind: 'refused', reason: 'not this one', requests: 1 };
      if (chance.happens(1 / 4)) return { kind: 'retry', reason: 'busy', requests: 1 };
      take(item);
      return taken;
    });
  const fail = (): never => {
    if (chance.happens(1 / 4)) throw new TypeError('x is not a function');
    if (chance.happens(1 / 4)) throw Object.assign(new Error(), { name: 'TimeoutError' });
    throw Object.assign(new Error(), {
      name: 'HTTPError',
      status: chance.pick(statuses),
      retryAfter: chance.pick(['3', '0', '1000000000', undefined]),
    });
  };
  const destination: Destination = {
    ...(manner !== 'one by one' && { batches: { size: 3, keyOf: ({ call }: Item) => call.type } }),
    deliver: async (items) => {
      const isTroubled = !isMended && chance.happens(1 / 2);
      if (isTroubled && chance.happens(1 / 3)) fail();
      if (isTroubled && chance.happens(1 / 2)) return takeSome(items);
      for (const item of items) take(item);
      if (isTroubled && chance.happens(1 / 2)) fail();
      return items.map(() => taken);
    },
  };
  return {
    destination,
    members: (): string[] => [...members].sort(),
    mend: (): void => {
      isMended = true;
    },
  };
}
