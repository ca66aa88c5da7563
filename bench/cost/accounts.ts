import { type CdpConfigInput, parseConfig } from '../../lambdas/core/config/config.ts';
import { sum } from '../../lambdas/core/segments/language/compute.ts';
import { did, stopped } from '../../lambdas/core/segments/language/events.ts';
import { account, all, any, inSegment, trait } from '../../lambdas/core/segments/language/people.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { Companies } from '../events/companies.ts';
import { plainExample } from '../events/plain-example.ts';
import type { Costed } from '../metering/metered-platform.ts';
import { type CostOptions, peopleOf, roundsBefore, sources, steadyCost, traceOf } from './cost.ts';

type Defined = Required<Pick<CdpConfigInput, 'segments' | 'traits'>>;

/** What a vendor asks of its customers, which are companies: of what they are, and of what their people do. */
const ofAccounts: Defined = {
  segments: [
    { key: 'large', name: 'Large', of: 'accounts', where: trait('employees').atLeast(500) },
    { key: 'busy', name: 'Busy', of: 'accounts', where: did('Product Added').atLeast(20).within('30d') },
    {
      ...{ key: 'lapsing', name: 'Lapsing', of: 'accounts' },
      where: all(trait('value').atLeast(500), stopped('Product Added', '7d')),
    },
  ],
  traits: [{ key: 'value', of: 'accounts', compute: sum('Product Added', 'price').within('90d') }],
};
/** What it asks of people by what their companies are. */
const ofPeople: Defined['segments'] = [
  { key: 'on_pro', name: 'On pro', where: account(trait('plan').equals('pro')) },
  { key: 'at_lapsing', name: 'At a lapsing one', where: account(any(inSegment('lapsing'), inSegment('large'))) },
];

/** How far a configuration asks for accounts. */
export const uses = ['nobody asks', 'accounts are counted', 'and people ask for them'] as const;
export type Use = (typeof uses)[number];

function configOf(use: Use) {
  const plain = { ...plainExample, sources };
  if (use === 'nobody asks') return parseConfig(plain);
  const people = use === 'and people ask for them' ? ofPeople : [];
  return parseConfig({
    ...plain,
    segments: [...(plain.segments ?? []), ...ofAccounts.segments, ...people],
    traits: ofAccounts.traits,
  });
}

/** What a million events cost whose people work for companies, ten for each, by how far anybody asks for these. */
export async function accountsCostOf(use: Use, options: CostOptions): Promise<Costed> {
  const trace = traceOf(options);
  const companies = new Companies(seededRandom(options.seed), peopleOf(options));
  const told = {
    windowsPerRound: trace.windowsPerRound,
    eventsPerRound: trace.eventsPerRound,
    registrations: () => companies.registrations(trace.registrations()),
    window: () => companies.window(trace.window()),
  };
  return steadyCost(told, configOf(use), roundsBefore(options.fold), options);
}
