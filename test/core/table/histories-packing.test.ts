import { expect, it } from 'vitest';
import type { Histories } from '../../../lambdas/core/profile/histories.ts';
import { newProfile, ownOf, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { parseProfileItem, toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const filling = { from: 1, of: 2, ids: new Set(['p1', 'p2']), late: true };
const some: Record<string, Histories | undefined> = {
  none: undefined,
  numbers: { born: 0, based: 3, counts: 4 },
  filling: { born: 0, based: 1, counts: 2, filling },
  'filling by a run': { born: 0, based: 1, counts: 2, filling: { ...filling, run: 'run-1' } },
  'filling that began': { born: 2, based: 2, counts: 2, filling: { ...filling, ids: new Set(), late: false } },
  mixed: { born: 0, based: 1, counts: 2, mixed: true, awaits: 'run-1' },
};
const asRead = (profile: Profile): Profile => {
  const stored = JSON.parse(JSON.stringify(toProfileItem(profile, 1, { changes: [], log: [] })));
  const item = parseProfileItem(stored);
  return item.kind === 'profile' ? item.profile : expect.unreachable();
};
const given = (histories: Histories | undefined) => (histories === undefined ? {} : { histories });

it.each(Object.keys(some).flatMap((whole) => Object.keys(some).map((own) => ({ whole, own }))))(
  'histories come back as they were: of a whole with $whole, whose own are $own',
  ({ whole, own }) => {
    const profile: Profile = { ...newProfile('p1', eventOf({})), ...given(some[whole]) };
    expect(asRead(profile).histories).toEqual(some[whole]);
    const { histories: _, ...mine } = ownOf(profile);
    const merged = asRead({
      ...profile,
      merged: new Map([['p2', minute(3)]]),
      own: { ...mine, eventCount: 9, ...given(some[own]) },
    });
    expect([merged.histories, merged.own?.histories]).toEqual([some[whole], some[own]]);
  },
);

it('take no room in a deployment that never added an aggregate', () =>
  expect(toProfileItem(newProfile('p1', eventOf({})), 1, { changes: [], log: [] })).not.toHaveProperty('histories'));
