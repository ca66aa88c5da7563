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
  const isNew = (read: string, isChanged: typeof isConsentChanged) => readers.has(read) && isChanged(before, after);
  if (isNew(reading.consent, isConsentChanged)) changed.push(reading.consent);
  if (isNew(reading.identifiers, (one, other) => typesOf(one) !== typesOf(other))) changed.push(reading.identifiers);
  if (isNew(reading.since, (one, other) => one.firstSeen !== other.firstSeen)) changed.push(reading.since);
  // They may be others than before though the person is not.
  if (isNew(reading.accounts, (one, other) => one.accounts.size + other.accounts.size > 0))
    changed.push(reading.accounts);
  return changed;
}

/**
 * Traits with other values than before, as definitions read them: by what the profile has, because definitions may read
 * a thousand traits that it has not.
 */
export function changedTraits(
  { traits: before }: Pick<Mergeable, 'traits'>,
  { traits: after }: Pick<Mergeable, 'traits'>,
): string[] {
  const changed: string[] = [];
  for (const [name, trait] of after) {
    const known = before.get(name);
    if (trait !== known && trait.value !== known?.value) changed.push(reading.trait(name));
  }
  for (const name of before.keys()) if (!after.has(name)) changed.push(reading.trait(name));
  return changed;
}

const isConsentChanged = (before: Profile, after: Profile): boolean =>
  !areSame(before.consent, after.consent) || before.horizons?.consent !== after.horizons?.consent;

const areSame = <Key, Value>(a: ReadonlyMap<Key, Value>, b: ReadonlyMap<Key, Value>): boolean =>
  a.size === b.size && [...b].every(([key, value]) => a.get(key) === value);

const typesOf = ({ identifiers }: Profile): string => [...new Set([...identifiers.keys()].map(typeOf))].sort().join();
