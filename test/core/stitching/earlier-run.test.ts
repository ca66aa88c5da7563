import { describe, expect, it } from 'vitest';
import { type Filling, type Histories, joinHistories } from '../../../lambdas/core/profile/histories.ts';
import { newProfile, ownOf, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { profileIdOf } from '../../../lambdas/core/profile/profile-id.ts';
import { firstRegistry, registered, untilCut, withFrozen } from '../../../lambdas/core/segments/history/registry.ts';
import { sum } from '../../../lambdas/core/segments/language/compute.ts';
import { programOf } from '../../../lambdas/core/segments/program/compile.ts';
import { planAbsence, planHistory } from '../../../lambdas/core/stitching/history.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const now = minute(59);
const rules = { ...configOf({}), segments: [], traits: [{ key: 'spent', compute: sum('Paid', 'total') }] };
const registry = registered(firstRegistry([]), programOf(rules, 'users').aggregates.keys(), Date.parse(now) - untilCut);
const bringing = (run: string) => ({
  ...rules,
  accountOf: () => undefined,
  registry: withFrozen(registry, { run, at: now, from: 0, generation: registry.generation }),
});

const survivor = profileIdOf('users', minute(1), '1'.padStart(20, '0'));
const merged = profileIdOf('users', minute(2), '2'.padStart(20, '0'));
const newer = profileIdOf('users', minute(90), '3'.padStart(20, '0'));

/** A person of two profiles; the run `first` brought the histories of these ids, if it is known which did. */
function personOf(ids: readonly string[], other = merged, by: Pick<Filling, 'run'> = { run: 'first' }): Profile {
  const alone = newProfile(survivor, eventOf({}));
  const filling: Filling = { from: 0, of: registry.generation, ids: new Set(ids), late: false, ...by };
  const histories: Histories = { born: 0, based: 0, counts: registry.generation, filling };
  return { ...alone, merged: new Map([[other, minute(3)]]), histories, own: ownOf(alone) };
}

const broughtTo = (profile: Profile, covers: readonly string[], run: string) =>
  planHistory({ profile, version: 1 }, { covers, history: new Map() }, bringing(run), now).kind;

describe('a line that covers a profile of a person who merged', () => {
  it.each([
    { what: 'is known to the run that brought it', ids: [survivor], covers: [survivor], run: 'first', kind: 'had' },
    { what: 'may have more in a later run', ids: [survivor], covers: [survivor], run: 'later', kind: 'refused' },
    { what: 'may have what is in', ids: [merged], covers: [survivor], run: 'later', kind: 'refused' },
    { what: 'is the rest of its run', ids: [merged], covers: [survivor], run: 'first', kind: 'planned' },
    { what: 'is the first', ids: [], covers: [survivor], run: 'later', kind: 'planned' },
    { what: 'has no more than all', ids: [survivor, merged], covers: [survivor], run: 'later', kind: 'had' },
  ])('$what', ({ ids, covers, run, kind }) => expect(broughtTo(personOf(ids), covers, run)).toBe(kind));

  it('has no more where the other is newer than what is counted', () =>
    expect(broughtTo(personOf([survivor], newer), [survivor], 'later')).toBe('had'));

  it('may have more where nobody knows whose run it was', () =>
    expect(broughtTo(personOf([survivor], merged, {}), [survivor], 'first')).toBe('refused'));
});

it.each([
  { run: 'first', kind: 'planned' },
  { run: 'later', kind: 'refused' },
])('the rest of a person is not called nothing by a run that did not bring the part: $run', ({ run, kind }) =>
  expect(planAbsence({ profile: personOf([survivor]), version: 1 }, new Set(), bringing(run), now).kind).toBe(kind),
);

it.each([
  { one: ['first', survivor], other: ['first', merged], run: 'first' },
  { one: ['first', survivor], other: ['later'], run: 'first' },
  { one: ['later'], other: ['first', survivor], run: 'first' },
  { one: ['first', survivor], other: ['later', merged], run: undefined },
])('a merge has the histories of $one and $other', ({ one, other, run }) => {
  const [a, b] = [one, other].map(
    ([of, ...ids]): Histories => ({
      ...{ born: 0, based: 0, counts: 1 },
      filling: { from: 0, of: 1, ids: new Set(ids), late: false, run: of },
    }),
  );
  expect(joinHistories(a, b)?.filling?.run).toBe(run);
});
