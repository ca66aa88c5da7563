import { expect, it } from 'vitest';
import { aggregatesOf, firstRegistry, registered } from '../../../../lambdas/core/segments/history/registry.ts';
import { silentOf } from '../../../../lambdas/core/segments/history/standing.ts';
import { count } from '../../../../lambdas/core/segments/language/compute.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { account, all, inSegment, not, trait } from '../../../../lambdas/core/segments/language/people.ts';
import { aggregatesRead } from '../../../../lambdas/core/segments/program/aggregates-read.ts';
import { configOf } from '../../../fixtures/events.ts';

const config = configOf({
  segments: [
    { key: 'buyers', name: 'Bought', where: did('Order Completed') },
    { key: 'others', name: 'Others', where: not(inSegment('buyers')) },
    { key: 'keen', name: 'Looked', where: all(trait('looks').atLeast(2), account(inSegment('busy'))) },
    { key: 'on_pro', name: 'On pro', where: account(trait('plan').equals('pro')) },
    { key: 'busy', name: 'Busy', of: 'accounts', where: did('Order Completed') },
    { key: 'large', name: 'Large', of: 'accounts', where: trait('employees').atLeast(500) },
  ],
  traits: [{ key: 'looks', compute: count('Product Viewed') }],
});
const keysThatRead = (of: 'users' | 'accounts') =>
  Object.entries(aggregatesRead(config, of)).flatMap(([key, ids]) => (ids.length > 0 ? [key] : []));

it('segments read aggregates by themselves, through other segments and computed traits, and not through accounts', () => {
  const { users, accounts } = { users: aggregatesRead(config, 'users'), accounts: aggregatesRead(config, 'accounts') };
  expect(users.others).toEqual(users.buyers);
  expect(users.buyers).toEqual(accounts.busy);
  expect(users.keen).toHaveLength(1);
  expect([users.on_pro, accounts.large]).toEqual([[], []]);
});

it('they are what is silent of a profile that lacks all histories', () => {
  const registry = registered({ ...firstRegistry([]), generation: 0 }, aggregatesOf(config), 0);
  for (const of of ['users', 'accounts'] as const) {
    const silent = silentOf({ ...config, registry }, of, {});
    expect([...silent.segments].sort()).toEqual(keysThatRead(of).sort());
  }
});
