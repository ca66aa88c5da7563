import { expect, it } from 'vitest';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({ segments: [{ key: 'pros', name: 'Pros', where: trait('plan').equals('pro') }] });

/** What is announced and what is logged about segments, by each batch. */
async function told(...batches: readonly Record<string, unknown>[]) {
  const table = new MemoryTable();
  let made = 0;
  const all = [];
  for (const [n, fields] of batches.entries()) {
    const sightings = sight([eventOf({ timestamp: minute(n), receivedAt: minute(n), ...fields })], config);
    const loaded = await table.load(ownerNames(sightings));
    const { writes } = planStitch(sightings, loaded, config, () => `per_${++made}`);
    for (const write of writes) await table.write(write);
    all.push(
      writes.map(({ changes, log }) => ({
        announced: changes.map(({ segment, change }) => `${change} ${segment}`),
        logged: log.flatMap(({ kind, profileId, rule, at }) => (kind === 'enter' ? [{ profileId, rule, at }] : [])),
      })),
    );
  }
  return all.flat();
}

const device = { anonymousId: 'a' };
const pro = { type: 'identify', userId: 'u', traits: { plan: 'pro' } };
const login = { anonymousId: 'a', userId: 'u' };

it('logs that a merge made the older profile a member, where its new name was one before', async () => {
  expect(await told(device, pro, login)).toEqual([
    { announced: [], logged: [] },
    { announced: ['entered pros'], logged: [] },
    { announced: [], logged: [{ profileId: 'per_1', rule: 'pros', at: minute(2) }] },
  ]);
});

it('logs nothing besides what is announced, or where the profile stays what it was', async () => {
  expect((await told({ ...device, type: 'identify', traits: { plan: 'pro' } }, { userId: 'u' }, login)).at(-1)).toEqual(
    { announced: ['entered pros'], logged: [] },
  );
  expect((await told(pro, device, login)).at(-1)).toEqual({ announced: [], logged: [] });
});
