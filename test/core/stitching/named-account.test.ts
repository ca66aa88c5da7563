import { expect, it } from 'vitest';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { aggregatesOf, firstRegistry, registered } from '../../../lambdas/core/segments/history/registry.ts';
import { silentOf } from '../../../lambdas/core/segments/history/standing.ts';
import { sum } from '../../../lambdas/core/segments/language/compute.ts';
import type { StitchRules } from '../../../lambdas/core/stitching/batch/rules.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const compute = sum('Paid', 'total');
const ofPeople = configOf({ traits: [{ key: 'spent', compute }] });
const added = configOf({ traits: [{ key: 'earned', of: 'accounts', compute }] });
const registry = registered(firstRegistry([]), aggregatesOf(added), Date.parse(minute(5)));
const ofAccounts = { ...added, registry };

const table = new MemoryTable();
let made = 0;

async function pay(account: string, at: number, rules: StitchRules): Promise<void> {
  const times = { timestamp: minute(at), receivedAt: minute(at) };
  const event = { event: 'Paid', properties: { total: 5 }, context: { groupId: account } };
  const sightings = sight([eventOf({ userId: `buyer-${account}`, ...event, ...times })], rules);
  const snapshot = await table.load(ownerNames(sightings));
  const { writes } = planStitch(sightings, snapshot, rules, () => `p${++made}`);
  for (const write of writes) expect((await table.write(write)).kind).toBe('written');
}

const accountOf = (name: string) => table.live().find(({ identifiers }) => identifiers.has(`group_id:${name}`));

/**
 * Why such an account counts only from then on (docs/adr/0028): to tell the two apart, each call that names an account
 * would have to write an item of that account, also where nobody asks for any.
 */
it('an account that only calls of no interest named before is to the stream as one that is new', async () => {
  await pay('old', 1, ofPeople);
  await pay('old', 2, ofPeople);
  expect(accountOf('old')).toBeUndefined();
  for (const name of ['old', 'new']) await pay(name, 20, ofAccounts);
  const [old, fresh] = ['old', 'new'].map((name) => {
    const { profileId, identifiers, recent, marks, aggregates, ...rest } = accountOf(name) ?? expect.unreachable();
    return { ...rest, counted: [...aggregates.values()].map(({ state }) => state) };
  });
  expect(old).toEqual(fresh);
  expect(silentOf(ofAccounts, 'accounts', old ?? {}).traits.size).toBe(0);
});
