import { sum } from '../../../lambdas/core/segments/language/compute.ts';
import type { ComputedTrait, SegmentDefinition } from '../../../lambdas/core/segments/language/definitions.ts';
import {
  did,
  didFirst,
  didLast,
  didNot,
  page,
  property,
  stopped,
} from '../../../lambdas/core/segments/language/events.ts';
import { all, consent, not, sample, trait } from '../../../lambdas/core/segments/language/people.ts';
import { day, hour } from '../shop/orders.ts';
import type { Deeds } from './deeds.ts';

/** A recipe as the demo knows it: a definition, and the same in plain code. */
interface RecipeRule {
  readonly definition: Omit<SegmentDefinition, 'key' | 'name'>;
  readonly isTrue: (deeds: Deeds, now: number) => boolean;
}

const zone = { trait: 'timezone', default: 'Europe/Berlin' };
const last = (times: readonly number[]): number => Math.max(Number.NEGATIVE_INFINITY, ...times);
const since = (times: readonly number[], from: number): readonly number[] => times.filter((at) => at > from);
const monday = (at: number): number => Math.floor((at / day + 3) / 7);
const isAged = (at: number, now: number, from: number, to: number): boolean => now - at >= from && now - at < to;

/** What the recipe for VIPs reads. */
export const recipeTraits: readonly Pick<ComputedTrait, 'key' | 'compute'>[] = [
  { key: 'revenue_90d', compute: sum('Order Completed', 'revenue').within('90d') },
];

/** The recipes in plain code, because the demo checks `cdp.recipes.ts`. Weeks and days are UTC's, as in the stories. */
export const recipeRules: ReadonlyMap<string, RecipeRule> = new Map<string, RecipeRule>([
  [
    'abandoned_cart',
    {
      definition: { where: did('Product Added').thenNot('Order Completed').within('1h') },
      isTrue: ({ added, orders }, now) =>
        now - last(added) >= hour && added.length > 0 && orders.every(({ at }) => at < last(added)),
    },
  ],
  [
    'lapsed_vips',
    {
      definition: {
        where: all(
          did('Order Completed', property('revenue').atLeast(50)).atLeast(3).within('365d'),
          didNot('Order Completed').within('30d'),
        ),
      },
      isTrue: ({ orders }, now) =>
        orders.filter(({ at, revenue }) => revenue >= 50 && now - at < 365 * day).length >= 3 &&
        orders.every(({ at }) => now - at >= 30 * day),
    },
  ],
  [
    'second_purchase',
    {
      definition: { where: all(did('Order Completed').exactly(1), didLast('Order Completed').ago('1w', '4w')) },
      isTrue: ({ orders }, now) => orders.length === 1 && orders.every(({ at }) => isAged(at, now, 7 * day, 28 * day)),
    },
  ],
  [
    'trial_ending',
    {
      definition: { zone, where: all(trait('trial_ends').inNext('3d'), trait('plan').missing()) },
      isTrue: ({ trialEnds, plan }, now) => plan === undefined && trialEnds > now && trialEnds - now <= 3 * day,
    },
  ],
  [
    'birthday',
    {
      definition: { zone, where: all(trait('birthday').anniversary(), consent('marketing').granted()) },
      isTrue: ({ birthday, marketing }, now) =>
        marketing && birthday?.slice(5) === new Date(now).toISOString().slice(5, 10),
    },
  ],
  [
    'vips',
    {
      definition: { where: trait('revenue_90d').atLeast(500) },
      isTrue: ({ orders }, now) =>
        orders.reduce((cents, { at, revenue }) => cents + (now - at < 90 * day ? Math.round(100 * revenue) : 0), 0) >=
        500_00,
    },
  ],
  [
    'stopped_visiting',
    {
      definition: { uses: ['analytics'], where: all(stopped(page(), '14d'), didNot('Unsubscribed')) },
      isTrue: ({ pages, unsubscribed }, now) =>
        pages.length > 0 && now - last(pages) >= 14 * day && unsubscribed.length === 0,
    },
  ],
  [
    'first_purchase_this_week',
    {
      definition: { zone, where: didFirst('Order Completed').lastWeeks(1) },
      isTrue: ({ orders }, now) => orders.length > 0 && monday(Math.min(...orders.map(({ at }) => at))) === monday(now),
    },
  ],
  [
    'browsed_shoes',
    {
      definition: {
        uses: ['analytics'],
        where: all(
          did('Product Viewed', property('category').equals('shoes')).atLeast(3).within('7d'),
          didNot('Order Completed').within('7d'),
        ),
      },
      isTrue: ({ shoes, orders }, now) =>
        since(shoes, now - 7 * day).length >= 3 && orders.every(({ at }) => now - at >= 7 * day),
    },
  ],
  [
    'win_back',
    {
      definition: { where: all(didLast('Order Completed').ago('60d', '90d'), not(sample('win_back', 10))) },
      isTrue: ({ orders, isDrawn }, now) =>
        isAged(last(orders.map(({ at }) => at)), now, 60 * day, 90 * day) && !isDrawn('win_back', 10),
    },
  ],
]);
