import { typeOf } from '../identifiers/identifier.ts';
import type { Mergeable, Profile } from '../profile/profile.ts';
import type { Program } from './program/compile.ts';
import { reading } from './program/compiler.ts';

/** What a profile's segments read and is another than before, as `segmentsReading` takes it. */
export function changedBetween({ readers }: Program, before: Profile, after: Profile): string[] {
  const others: readonly (readonly [read: string, isChanged: typeof isConsentChanged])[] = [
    [reading.consent, isConsentChanged],
    [reading.identifiers, (one, other) => typesOf(one) !== typesOf(other)],
    [reading.since, (one, other) => one.firstSeen !== other.firstSeen],
  ];
  return [
    ...changedTraits(before, after).map(reading.trait),
    ...changedAggregates(before, after).map(reading.aggregate),
    ...others.filter(([read, isChanged]) => readers.has(read) && isChanged(before, after)).map(([read]) => read),
  ];
}

/** By what the profile has, because definitions may read a thousand traits that it has not. */
const changedTraits = ({ traits: before }: Mergeable, { traits: after }: Mergeable): string[] => [
  ...[...after].filter(([name, { value }]) => before.get(name)?.value !== value).map(([name]) => name),
  ...[...before.keys()].filter((name) => !after.has(name)),
];

const isConsentChanged = (before: Profile, after: Profile): boolean =>
  !areSame(before.consent, after.consent) || before.horizons?.consent !== after.horizons?.consent;

/** Aggregates that an event changed are other objects. */
const changedAggregates = (before: Mergeable, after: Mergeable): string[] =>
  before.aggregates === after.aggregates
    ? []
    : [...after.aggregates].filter(([id, aggregate]) => before.aggregates.get(id) !== aggregate).map(([id]) => id);

const areSame = <Key, Value>(a: ReadonlyMap<Key, Value>, b: ReadonlyMap<Key, Value>): boolean =>
  a.size === b.size && [...b].every(([key, value]) => a.get(key) === value);

const typesOf = ({ identifiers }: Profile): string => [...new Set([...identifiers.keys()].map(typeOf))].sort().join();
