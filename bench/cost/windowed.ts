import type { CdpConfigInput } from '../../lambdas/core/config/config.ts';
import { sum } from '../../lambdas/core/segments/language/compute.ts';
import { did, didLast, didNot, property } from '../../lambdas/core/segments/language/events.ts';
import { all, trait } from '../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../lambdas/core/segments/language/rule.ts';

/** What a shop asks of its customers' events; the window of one rule is an hour. */
const rules: Readonly<Record<string, Rule>> = {
  abandoned_cart: did('Product Added').thenNot('Order Completed').within('1h'),
  active_this_week: did('Product Viewed').atLeast(2).within('7d'),
  active_this_month: did('Product Viewed').atLeast(10).within('30d'),
  lapsing: all(did('Product Viewed').atLeast(3).within('90d'), didNot('Product Viewed').within('14d')),
  searches_in_vain: all(did('Products Searched').atLeast(2).within('14d'), didNot('Product Added').within('30d')),
  returns_to_cart: did('Product Added').thenDid('Cart Viewed').within('1d').within('30d'),
  expensive_taste: did('Product Viewed', property('price').atLeast(80)).atLeast(3).within('90d'),
  full_baskets: sum('Product Added', 'price').within('30d').atLeast(500),
  second_purchase: did('Order Completed').exactly(1).within('365d'),
  reachable_and_quiet: all(trait('email').exists(), didLast('Products Searched').olderThan('30d')),
};

/** Ten segments that read events of a time. */
export const windowedSegments: NonNullable<CdpConfigInput['segments']> = Object.entries(rules).map(([key, where]) => ({
  key,
  name: key,
  where,
}));
