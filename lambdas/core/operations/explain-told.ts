import { purposesOf } from '../consent/purpose.ts';
import type { Destination } from '../destinations/definition.ts';
import type { Told } from '../destinations/told.ts';
import type { ToldTrait } from '../destinations/told-traits.ts';
import { traitTruth } from '../destinations/trait-tellings.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import type { Profile } from '../profile/profile.ts';
import type { DatedDefinitions } from '../segments/history/standing.ts';
import { fingerprint } from '../values/fingerprint.ts';

/** What a destination was told about somebody and one segment or computed trait. */
export interface ToldThing {
  readonly destination: string;
  readonly kind: 'segment' | 'trait';
  readonly key: string;
  /** Whether it is in, or what is known of its value. */
  readonly state: 'in' | 'out' | 'value of now' | 'other value' | 'under way';
  /** Since when it knows a member; null for all else. */
  readonly since: string | null;
  /** Names and addresses under which it was told, and has not been told otherwise: `userId:ann`. */
  readonly names: readonly string[];
}

/** Says what a destination was told about a segment; nothing if nothing is recorded. */
export function toldSegment(destination: string, key: string, told: Told | undefined): ToldThing[] {
  if (told === undefined) return [];
  const names = [...told.names].sort();
  const isIn = names.length > 0;
  return [
    { destination, kind: 'segment', key, state: isIn ? 'in' : 'out', since: (isIn && told.since) || null, names },
  ];
}

/** How a value is told: by which definitions, and at which time in milliseconds. */
interface Basis {
  readonly definitions: DatedDefinitions & { readonly identity: IdentityRules };
  readonly now: number;
}

/** Says what a destination was told about a computed trait; nothing if nothing is recorded. */
export function toldTrait(
  { id, consent, uses, personal }: Pick<Destination, 'id' | 'consent' | 'uses' | 'personal'>,
  key: string,
  { profile, recorded }: { readonly profile: Profile; readonly recorded: readonly ToldTrait[] },
  { definitions, now }: Basis,
): ToldThing[] {
  if (recorded.length === 0) return [];
  const names = [...new Set(recorded.flatMap((one) => [...one.names]))].sort();
  const purposes = purposesOf(uses, definitions.purposes ?? []);
  const manner = { definitions, rules: definitions.identity, consent, purposes, personal, now };
  const truth = traitTruth(profile, key, manner);
  const value = truth && fingerprint(truth.text);
  const isOfNow = recorded.every((one) => one.names.size === 0 || (value !== undefined && one.value === value));
  const isUnderWay = recorded.some(({ pending }) => pending.size > 0);
  const known = isOfNow ? 'value of now' : 'other value';
  return [{ destination: id, kind: 'trait', key, state: isUnderWay ? 'under way' : known, since: null, names }];
}
