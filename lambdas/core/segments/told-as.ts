import type { IdentityRules } from '../identifiers/rules.ts';
import { knownAs, type Naming } from '../profile/known-as.ts';
import type { Profile } from '../profile/profile.ts';
import type { DatedDefinitions } from './history/standing.ts';

type Receivers = Pick<DatedDefinitions, 'destinations'>;

const namings = new WeakMap<object, readonly Naming[]>();
const usual: readonly Naming[] = [{}];

/** The different ways in which destinations know people; one is the usual one. */
function namingsOf({ destinations }: Receivers): readonly Naming[] {
  if (destinations === undefined) return usual;
  const known = namings.get(destinations);
  if (known !== undefined) return known;
  const different = new Map(
    [...usual, ...destinations].map(({ identifiers, personal }) => [
      JSON.stringify([identifiers?.toSorted(), personal?.includes('email')]),
      { identifiers, personal },
    ]),
  );
  const made = [...different.values()];
  namings.set(destinations, made);
  return made;
}

/**
 * Whether a destination must be told that somebody is known by other names, or has another e-mail address. Most writes
 * change neither.
 */
export function isRenamed(one: Profile, other: Profile, rules: IdentityRules, receivers: Receivers): boolean {
  if (one.profileId === other.profileId && hasSameNames(one, other)) return false;
  const toldAs = (profile: Profile): string =>
    JSON.stringify(namingsOf(receivers).map((naming) => knownAs(profile, rules, naming)));
  return toldAs(one) !== toldAs(other);
}

const hasSameNames = (one: Profile, other: Profile): boolean =>
  haveSameKeys(one.identifiers, other.identifiers) &&
  one.traits.get('email')?.value === other.traits.get('email')?.value;

/** Whether two maps have the same keys. */
export function haveSameKeys(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const key of one.keys()) if (!other.has(key)) return false;
  return true;
}
