import { typeOf } from '../identifiers/identifier.ts';
import type { Mergeable, Profile } from '../profile/profile.ts';
import type { Program } from './program/compile.ts';
import { reading } from './program/compiler.ts';

/** What a profile's segments read and is another than before, as `segmentsReading` takes it. */
export function changedBetween({ readers }: Program, before: Profile, after: Profile): string[] {
  const changed = changedTraits(before, after);
  // An aggregate that an event changed is another object.
  for (const [id, aggregate] of after.aggregates)
    if (aggregate !== before.aggregates.get(id)) changed.push(reading.aggregate(id));
  for (const { read, isChanged } of others) if (readers.has(read) && isChanged(before, after)) changed.push(read);
  return changed;
}

const others: readonly { readonly read: string; readonly isChanged: (one: Profile, other: Profile) => boolean }[] = [
  { read: reading.consent, isChanged: (one, other) => isConsentChanged(one, other) },
  { read: reading.identifiers, isChanged: (one, other) => typesOf(one) !== typesOf(other) },
  { read: reading.since, isChanged: (one, other) => one.firstSeen !== other.firstSeen },
  // They may be others than before though the person is not.
  { read: reading.accounts, isChanged: (one, other) => one.accounts.size + other.accounts.size > 0 },
];

/**
 * Traits with other values than before, as definitions read them: by what the profile has, because definitions may read
 * a thousand traits that it has not.
 */
export function changedTraits(
  { traits: before }: Pick<Mergeable, 'traits'>,
  { traits: after }: Pick<Mergeable, 'traits'>,
): string[] {
  if (before === after) return [];
  const changed: string[] = [];
  let lost = before.size;
  for (const [name, trait] of after) {
    const known = before.get(name);
    if (known !== undefined) lost -= 1;
    if (trait !== known && trait.value !== known?.value) changed.push(reading.trait(name));
  }
  if (lost === 0) return changed;
  for (const name of before.keys()) if (!after.has(name)) changed.push(reading.trait(name));
  return changed;
}

const isConsentChanged = (before: Profile, after: Profile): boolean =>
  !areSame(before.consent, after.consent) || before.horizons?.consent !== after.horizons?.consent;

const areSame = <Key, Value>(a: ReadonlyMap<Key, Value>, b: ReadonlyMap<Key, Value>): boolean =>
  a.size === b.size && [...b].every(([key, value]) => a.get(key) === value);

const typesOf = ({ identifiers }: Profile): string => [...new Set([...identifiers.keys()].map(typeOf))].sort().join();
