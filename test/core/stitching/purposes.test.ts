import { expect, it } from 'vitest';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { traitValue } from '../../../lambdas/core/segments/evaluation/evaluate.ts';
import { knownOf } from '../../../lambdas/core/segments/known-profile.ts';
import { programOf } from '../../../lambdas/core/segments/program/compile.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({
  purposes: [
    { key: 'ads', name: 'Ads', kind: 'advertising' },
    { key: 'profiling', name: 'Profiling', kind: 'profiling', default: 'granted' },
  ],
  traits: [{ key: 'orders', compute: { kind: 'count', event: 'Order' } }],
  segments: [
    { key: 'buyers', name: 'Buyers', where: { event: 'Order' } },
    { key: 'audience', name: 'Audience', where: { event: 'Order' }, uses: ['ads'] },
    { key: 'objectors', name: 'Objectors', where: { consent: 'profiling', is: 'denied' }, uses: [] },
  ],
});

it('a withdrawal takes somebody out of what is used for a purpose, and a later consent lets them in again', async () => {
  const table = new MemoryTable();
  let minutes = 0;
  const happens = async (fields: object) => {
    const at = minute(++minutes);
    const event = eventOf({ userId: 'ann', anonymousId: 'a', timestamp: at, receivedAt: at, ...fields });
    const sightings = sight([event], config);
    const [write] = planStitch(sightings, await table.load(ownerNames(sightings)), config, () => 'p').writes;
    if (write === undefined) throw new Error('nothing was planned');
    expect((await table.write(write)).kind).toBe('written');
    const { profile, changes } = write;
    return {
      changes: changes.map(({ segment, change }) => `${segment} ${change}`).sort(),
      orders: traitValue(programOf(config), 'orders', knownOf(profile), Date.parse(at)),
    };
  };
  const says = (categoryPreferences: object) => ({ context: { consent: { categoryPreferences } } });
  expect(await happens({ event: 'Order' })).toEqual({ changes: ['buyers entered'], orders: 1 });
  expect(await happens(says({ ads: true }))).toEqual({ changes: ['audience entered'], orders: 1 });
  expect(await happens({ context: { consent: { gpc: true } } })).toEqual({ changes: ['audience exited'], orders: 1 });
  expect(await happens({ context: { consent: { gpc: false } } })).toEqual({ changes: ['audience entered'], orders: 1 });
  expect(await happens(says({ profiling: false }))).toEqual({
    changes: ['audience exited', 'buyers exited', 'objectors entered'],
    orders: undefined,
  });
  expect(await happens(says({ profiling: true }))).toEqual({
    changes: ['audience entered', 'buyers entered', 'objectors exited'],
    orders: 1,
  });
});
