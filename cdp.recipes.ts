import type { CdpConfigInput } from './lambdas/core/config/config.ts';
import { sum } from './lambdas/core/segments/language/compute.ts';
import { did, didFirst, didLast, didNot, page, property, stopped } from './lambdas/core/segments/language/events.ts';
import { account, all, consent, inSegment, not, sample, trait } from './lambdas/core/segments/language/people.ts';

/** Whose midnight counts, where a recipe is about days. */
const zone = { trait: 'timezone', default: 'Europe/Berlin' };

/** Ten segments that marketers ask for, and the computed trait that one of them reads. Change or delete what you like. */
export const recipes: Required<Pick<CdpConfigInput, 'segments' | 'traits'>> = {
  segments: [
    {
      key: 'abandoned_cart',
      name: 'Put something into the cart, and bought nothing for an hour',
      where: did('Product Added').thenNot('Order Completed').within('1h'),
    },
    {
      key: 'lapsed_vips',
      name: 'Ordered for 50 or more three times in a year, and nothing in 30 days',
      where: all(
        did('Order Completed', property('revenue').atLeast(50)).atLeast(3).within('365d'),
        didNot('Order Completed').within('30d'),
      ),
    },
    {
      key: 'second_purchase',
      name: 'Ordered once, one to four weeks ago',
      where: all(did('Order Completed').exactly(1), didLast('Order Completed').ago('1w', '4w')),
    },
    {
      key: 'trial_ending',
      name: 'The trial ends within three days, and no plan was chosen',
      zone,
      where: all(trait('trial_ends').inNext('3d'), trait('plan').missing()),
    },
    {
      key: 'birthday',
      name: 'Has birthday today, and may be written to',
      zone,
      where: all(trait('birthday').anniversary(), consent('marketing').granted()),
    },
    {
      key: 'vips',
      name: 'Spent 500 or more in 90 days',
      where: trait('revenue_90d').atLeast(500),
    },
    {
      key: 'stopped_visiting',
      name: 'Visited before, and not for two weeks',
      uses: ['analytics'],
      where: all(stopped(page(), '14d'), didNot('Unsubscribed')),
    },
    {
      key: 'first_purchase_this_week',
      name: 'Ordered for the first time this week',
      zone,
      where: didFirst('Order Completed').lastWeeks(1),
    },
    {
      key: 'browsed_shoes',
      name: 'Viewed shoes three times in a week, and bought nothing',
      uses: ['analytics'],
      where: all(
        did('Product Viewed', property('category').equals('shoes')).atLeast(3).within('7d'),
        didNot('Order Completed').within('7d'),
      ),
    },
    {
      key: 'win_back',
      name: 'Last ordered 60 to 90 days ago, without one in ten to compare with',
      where: all(didLast('Order Completed').ago('60d', '90d'), not(sample('win_back', 10))),
    },
  ],
  traits: [
    {
      key: 'revenue_90d',
      name: 'Revenue in 90 days',
      compute: sum('Order Completed', 'revenue').within('90d'),
    },
  ],
};

/** What a shop that sells to companies asks for: a set of accounts, and the people of these accounts whom to call. */
export const companies: typeof recipes = {
  segments: [
    {
      key: 'lapsed_companies',
      name: 'Companies that ordered for 1,000 or more in a year, and nothing in 30 days',
      of: 'accounts',
      where: all(trait('company_revenue').atLeast(1000), stopped('Order Completed', '30d')),
    },
    {
      key: 'lapsed_buyers',
      name: 'Buy for a company that stopped ordering',
      where: all(trait('role').equals('buyer'), account(inSegment('lapsed_companies'))),
    },
  ],
  traits: [
    {
      key: 'company_revenue',
      name: "A company's revenue in a year",
      of: 'accounts',
      compute: sum('Order Completed', 'revenue').within('365d'),
    },
  ],
};
