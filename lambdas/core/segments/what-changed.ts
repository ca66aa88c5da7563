import { typeOf } from '../identifiers/identifier.ts';
import type { Mergeable, Profile } from '../profile/profile.ts';
import type { Program } from './program/compile.ts';
import { reading } from './program/compiler.ts';

/** What a profile's segments read and is another than before, as `segmentsReading` takes it. */
export function changedBetween({ readers }: Program, before: Profile, after: Profile): string[] {
  const changed = [...changedTraits(before, after), ...changedAggregates(before, after)];
  const isNew = (read: string, isChanged: typeof isConsentChanged) => readers.has(read) && isChanged(before, after);
  if (isNew(reading.consent, isConsentChanged)) changed.push(reading.consent);
  if (isNew(reading.identifiers, (one, other) => typesOf(one) !== typesOf(other))) changed.push(reading.identifiers);
  if (isNew(reading.since, (one, other) => one.firstSeen !== other.firstSeen)) changed.push(reading.since);
  return changed;
}

/** By what the profile has, because definitions may read a thousand traits that it has not. */
function changedTraits({ traits: before }: Mergeable, { traits: after }: Mergeable): string[] {
  const changed: string[] = [];
  for (const name of after.keys())
    if (after.get(name) !== before.get(name) && after.get(name)?.value !== before.get(name)?.value)
      changed.push(reading.trait(name));
  for (const name of before.keys()) if (!after.has(name)) changed.push(reading.trait(name));
  return changed;
}

const isConsentChanged = (before: Profile, after: Profile): boolean =>
  !areSame(before.consent, after.consent) || before.horizons?.consent !== after.horizons?.consent;

/** Aggregates that an event changed are other objects. */
function changedAggregates({ aggregates: before }: Mergeable, { aggregates: after }: Mergeable): string[] {
  const changed: string[] = [];
  for (const id of after.keys()) if (after.get(id) !== before.get(id)) changed.push(reading.aggregate(id));
  return changed;
}

const areSame = <Key, Value>(a: ReadonlyMap<Key, Value>, b: ReadonlyMap<Key, Value>): boolean =>
  a.size === b.size && [...b].every(([key, value]) => a.get(key) === value);

const typesOf = ({ identifiers }: Profile): string => [...new Set([...identifiers.keys()].map(typeOf))].sort().join();
