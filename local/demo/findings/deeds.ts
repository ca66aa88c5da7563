import { placeOf } from '../../../lambdas/core/segments/evaluation/leaf.ts';
import type { Call } from '../shop/calls.ts';

/** What somebody did and said, as the recipes ask for it. Times are milliseconds since 1970. */
export interface Deeds {
  readonly orders: readonly { readonly at: number; readonly revenue: number }[];
  readonly added: readonly number[];
  readonly shoes: readonly number[];
  readonly pages: readonly number[];
  readonly unsubscribed: readonly number[];
  readonly trialEnds: number;
  readonly plan: unknown;
  readonly birthday: string | undefined;
  readonly marketing: boolean;
  /** Purposes that they refused. */
  readonly refused: ReadonlySet<string>;
  /** Whether their profile is drawn, which its id decides: the demo cannot foresee it. */
  readonly isDrawn: (salt: string, percent: number) => boolean;
}

/** Reads the calls about somebody, repetitions once. */
export function deedsOf(calls: readonly Call[], profileId: string): Deeds {
  const once = [...new Map(calls.map((call) => [call.messageId, call])).values()];
  const tracked = (name: string) => once.filter((call) => call.type === 'track').filter(({ event }) => event === name);
  const times = (of: readonly Call[]): number[] => of.map(({ at }) => at);
  const traits = Object.assign({}, ...once.map((call) => (call.type === 'identify' ? call.traits : {})));
  return {
    orders: tracked('Order Completed').map(({ at, properties }) => ({ at, revenue: Number(properties.revenue) })),
    added: times(tracked('Product Added')),
    shoes: times(tracked('Product Viewed').filter(({ properties }) => properties.category === 'shoes')),
    pages: times(once.filter(({ type }) => type === 'page')),
    unsubscribed: times(tracked('Unsubscribed')),
    trialEnds: Date.parse(traits.trial_ends),
    plan: traits.plan,
    birthday: traits.birthday,
    marketing: once.some(({ context }) => context?.consent?.categoryPreferences.marketing === true),
    refused: new Set(
      once.flatMap(({ context }) =>
        Object.entries(context?.consent?.categoryPreferences ?? {}).flatMap(([key, granted]) => (granted ? [] : [key])),
      ),
    ),
    isDrawn: (salt, percent) => placeOf(profileId, salt) < percent / 100,
  };
}
