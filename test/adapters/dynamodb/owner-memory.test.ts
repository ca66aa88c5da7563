import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnerMemory, provesOwner } from '../../../lambdas/adapters/dynamodb/owner-memory.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { ownerName } from '../../../lambdas/core/profile/owner-name.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { type Snapshot, type StoredProfile, snapshotOf } from '../../../lambdas/core/stitching/batch/snapshot.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const nameOf = (n: number): Identifier => `user_id:u${n}`;
const ownerOf = (name: Identifier, more: Partial<Profile> = {}): StoredProfile => {
  const seen = { first: minute(1), last: minute(1), linked: minute(1) };
  return { version: 1, profile: { ...newProfile('p1', eventOf({})), identifiers: new Map([[name, seen]]), ...more } };
};
const readOf = (...names: readonly Identifier[]): Snapshot =>
  snapshotOf(new Map(names.map((name) => [name, ownerOf(name)])), new Map());

describe('the memory of owners', () => {
  it('keeps at most as many names as it may, and those that were read last', () =>
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.array(fc.nat(40), { maxLength: 200 }), (most, read) => {
        const memory = new OwnerMemory(most);
        for (const n of read) {
          memory.note(readOf(nameOf(n)));
          expect(memory.size).toBeLessThanOrEqual(most);
        }
        const last = [...new Set(read.toReversed())].slice(0, Math.max(0, Math.floor(most / 2) - 1)).map(nameOf);
        expect([...memory.hints(last).keys()]).toEqual(last);
      }),
    ));

  it('forgets what it is told to', () => {
    const memory = new OwnerMemory();
    memory.note(readOf(nameOf(1), nameOf(2)));
    memory.forget([nameOf(1)]);
    expect([...memory.hints([nameOf(1), nameOf(2)])]).toEqual([[nameOf(2), 'p1']]);
  });

  it('keeps no identifier that has a barrier, and none that its profile does not prove', () => {
    const memory = new OwnerMemory();
    const owners = new Map([
      [nameOf(1), ownerOf(nameOf(1))],
      [nameOf(2), ownerOf(nameOf(3))],
    ]);
    memory.note(snapshotOf(owners, new Map([[nameOf(1), { suppressed: true }]])));
    expect(memory.size).toBe(0);
  });
});

it.each<{ name: string; owner: StoredProfile; proves: boolean }>([
  { name: 'it lists the identifier', owner: ownerOf(nameOf(1)), proves: true },
  { name: 'it lists another', owner: ownerOf(nameOf(2)), proves: false },
  { name: 'it is an account', owner: ownerOf(nameOf(1), { collection: 'accounts' }), proves: false },
  { name: 'it may have a barrier', owner: ownerOf(nameOf(1), { barred: true }), proves: false },
])('a profile proves that it has an identifier: $proves, when $name', ({ owner, proves }) =>
  expect(provesOwner(owner, ownerName('users', nameOf(1)))).toBe(proves),
);
