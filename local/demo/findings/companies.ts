import { sum } from '../../../lambdas/core/segments/language/compute.ts';
import type { ComputedTrait, SegmentDefinition } from '../../../lambdas/core/segments/language/definitions.ts';
import { stopped } from '../../../lambdas/core/segments/language/events.ts';
import { account, all, inSegment, trait } from '../../../lambdas/core/segments/language/people.ts';
import type { Company } from '../shop/companies.ts';
import { day } from '../shop/orders.ts';
import { type Followed, finder, type MeasuredRecipes, type Membership } from './recipes.ts';

/** Definitions about companies and their people, because the demo checks `cdp.recipes.ts`. */
export const companyDefinitions: ReadonlyMap<string, Omit<SegmentDefinition, 'key' | 'name'>> = new Map([
  [
    'lapsed_companies',
    { of: 'accounts', where: all(trait('company_revenue').atLeast(1000), stopped('Order Completed', '30d')) },
  ],
  ['lapsed_buyers', { where: all(trait('role').equals('buyer'), account(inSegment('lapsed_companies'))) }],
]);

/** What the set of companies reads. */
export const companyTraits: readonly Pick<ComputedTrait, 'key' | 'compute' | 'of'>[] = [
  { key: 'company_revenue', of: 'accounts', compute: sum('Order Completed', 'revenue').within('365d') },
];

/** The memberships of companies and of their people, those at last as of `until`, by plain code. */
export function companyMemberships(
  companies: readonly Company[],
  from: number,
  until: number,
  measured: MeasuredRecipes,
): Membership[] {
  const lapsedAt = (now: number) =>
    new Set(companies.filter((one) => isLapsed(one, now)).map(({ groupId }) => groupId));
  const [was, is] = [lapsedAt(from), lapsedAt(until)];
  const turnsOf = new Map(companies.map(({ groupId, turnsAt }) => [groupId, turnsAt]));
  const followed = (who: string, calls: Company['calls'], groupIds: readonly string[]): Followed => {
    const turnsAt = groupIds.map((groupId) => turnsOf.get(groupId)).find((at) => at !== undefined);
    return { who, calls, from, turnsAt, isNewcomer: true };
  };
  const ofCompanies = companies.map(({ groupId, calls }) => ({
    ...{ followed: followed(groupId, calls, [groupId]), identifier: `group_id:${groupId}`, recipe: 'lapsed_companies' },
    ...{ was: was.has(groupId), is: is.has(groupId) },
  }));
  const ofPeople = companies.flatMap(({ people, calls }) =>
    people.map(({ userId, role, groupIds }) => ({
      followed: followed(
        userId,
        calls.filter((call) => call.userId === userId),
        groupIds,
      ),
      ...{ identifier: `user_id:${userId}`, recipe: 'lapsed_buyers' },
      was: role === 'buyer' && groupIds.some((groupId) => was.has(groupId)),
      is: role === 'buyer' && groupIds.some((groupId) => is.has(groupId)),
    })),
  );
  const { profileOf, found } = finder(measured);
  return [...ofCompanies, ...ofPeople].map(({ identifier, ...one }) => ({
    ...one,
    ...found(profileOf(identifier), one.followed.who, one.recipe),
  }));
}

/** Whether a company ordered for enough in a year, and not lately. */
function isLapsed({ groupId, calls }: Company, now: number): boolean {
  const orders = calls.flatMap((call) =>
    call.type === 'track' && call.context?.groupId === groupId
      ? [{ age: now - call.at, cents: Math.round(100 * Number(call.properties.revenue)) }]
      : [],
  );
  const inYear = orders.filter(({ age }) => age < 365 * day).reduce((cents, order) => cents + order.cents, 0);
  return inYear >= 1000_00 && orders.every(({ age }) => age >= 30 * day);
}
