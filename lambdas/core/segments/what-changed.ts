import { typeOf } from '../identifiers/identifier.ts';
import type { Mergeable, Profile } from '../profile/profile.ts';
import type { Program } from './program/compile.ts';
import { reading } from './program/compiler.ts';

/** What a profile's segments read and is another than before, as `segmentsReading` takes it. */
export function changedBetween({ traitsRead }: Program, before: Profile, after: Profile): string[] {
  const traits = traitsRead.filter((name) => before.traits.get(name)?.value !== after.traits.get(name)?.value);
  return [
    ...traits.map(reading.trait),
    ...changedAggregates(before, after).map(reading.aggregate),
    ...(areSame(before.consent, after.consent) && before.horizons?.consent === after.horizons?.consent
      ? []
      : [reading.consent]),
    ...(typesOf(before) === typesOf(after) ? [] : [reading.identifiers]),
    ...(before.firstSeen === after.firstSeen ? [] : [reading.since]),
  ];
}

/** Aggregates that an event changed are other objects. */
const changedAggregates = (before: Mergeable, after: Mergeable): string[] =>
  before.aggregates === after.aggregates
    ? []
    : [...after.aggregates].filter(([id, aggregate]) => before.aggregates.get(id) !== aggregate).map(([id]) => id);

const areSame = <Key, Value>(a: ReadonlyMap<Key, Value>, b: ReadonlyMap<Key, Value>): boolean =>
  a.size === b.size && [...b].every(([key, value]) => a.get(key) === value);

const typesOf = ({ identifiers }: Profile): string => [...new Set([...identifiers.keys()].map(typeOf))].sort().join();
