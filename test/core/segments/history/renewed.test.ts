import { describe, expect, it } from 'vitest';
import { everyHistory, type Filling, type Histories } from '../../../../lambdas/core/profile/histories.ts';
import type { Profile } from '../../../../lambdas/core/profile/profile.ts';
import type { AggregateRegistry } from '../../../../lambdas/core/segments/history/registry.ts';
import { renewedProfile } from '../../../../lambdas/core/segments/history/standing.ts';

const registryOf = (complete: number, generations: readonly number[]): AggregateRegistry => ({
  generation: 3,
  complete,
  aggregates: new Map(generations.map((generation, n) => [`aggregate ${n}`, { generation }])),
});

const begun: Filling = { from: 0, of: 1, ids: new Set(['per_1']), late: false };

/** The histories of a profile that is read under a registry. */
function readUnder(registry: AggregateRegistry, histories: Histories): Histories | undefined {
  const profile = { collection: 'users', aggregates: new Map(), histories } as unknown as Profile;
  return renewedProfile(profile, { registry }).histories;
}

describe('histories of a run that ended in the midst of a person', () => {
  it.each([
    { of: 'an aggregate that is still defined', generations: [0, 1, 3], complete: 0, ids: ['per_1'] },
    { of: 'aggregates that are gone', generations: [0, 2, 3], complete: 0, ids: [] },
    { of: 'aggregates that are gone, though all others are there', generations: [0, 2, 3], complete: 3, ids: [] },
  ])('of $of', ({ generations, complete, ids }) => {
    const { filling } = readUnder(registryOf(complete, generations), { ...everyHistory, filling: begun }) ?? {};
    expect({ ...filling, ids: [...(filling?.ids ?? [])] }).toEqual({ ...begun, ids });
  });

  it('are forgotten where the profile has all of them', () => {
    expect(readUnder(registryOf(3, [0, 1, 3]), { ...everyHistory, based: 3, filling: begun })?.filling).toBeUndefined();
  });
});
