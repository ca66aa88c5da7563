import type { IdentityRules } from '../identifiers/rules.ts';
import type { Profile } from '../profile/profile.ts';
import type { DatedDefinitions } from './history/standing.ts';
import { collectionFor, type SegmentDefinition } from './language/definitions.ts';
import { haveSameKeys, isRenamed } from './told-as.ts';
import { isConsentNews } from './told-consent.ts';

/** A person or an account entered or left a segment. */
export interface SegmentChange {
  readonly segment: string;
  readonly change: 'entered' | 'exited';
}

/** A membership or the key of a computed trait that destinations are told again, also if they know it. */
export type ToldAgain = (SegmentChange | { readonly trait: string }) & { readonly again?: true | undefined };

type Receivers = Pick<DatedDefinitions, 'destinations' | 'purposes'>;

/**
 * Changes to announce when the profiles `before` became `after` (several if they merged). A continuing member is
 * announced again if one of these was a member under other names or another address, or if the consent that a
 * destination needs is another: destinations are told the new names, and that the others left.
 */
export function changesBetween(
  before: readonly Profile[],
  after: Profile,
  rules: IdentityRules,
  receivers: Receivers = {},
): SegmentChange[] {
  const renamed = new Set(before.filter((profile) => isRenamed(profile, after, rules, receivers)));
  if (renamed.size === 0 && isNoNews(before, after, receivers)) return [];
  const keysOf = (profiles: Iterable<Profile>) =>
    new Set([...profiles].flatMap(({ segments }) => [...segments.keys()]));
  const told = keysOf(before.filter((profile) => !renamed.has(profile)));
  const toldOtherwise = keysOf(renamed);
  const isToldAgain = isConsentNews(before, after, receivers);
  const left = [...keysOf(before)].filter((key) => !after.segments.has(key));
  return [
    ...[...after.segments.keys()]
      .filter((key) => isToldAgain || !told.has(key) || toldOtherwise.has(key))
      .map((segment): SegmentChange => ({ segment, change: 'entered' })),
    ...left.map((segment): SegmentChange => ({ segment, change: 'exited' })),
  ];
}

/** Whether one profile has the same segments and consent as before, as most have. */
function isNoNews([one, ...others]: readonly Profile[], after: Profile, receivers: Receivers): boolean {
  if (one === undefined || others.length > 0 || one.profileId !== after.profileId) return false;
  return haveSameKeys(one.segments, after.segments) && !isConsentNews([one], after, receivers);
}

/**
 * All memberships: an unmerge or a release restores names, whose last announced memberships may be outdated. Whoever
 * was in a segment that is no longer defined exits it, by the profiles `before`.
 */
export function everyMembership(
  { collection, segments: entered }: Profile,
  segments: readonly SegmentDefinition[],
  before: readonly Profile[],
): SegmentChange[] {
  const defined = segments.filter((definition) => collectionFor(definition) === collection).map(({ key }) => key);
  const known = before.flatMap((each) => [...each.segments.keys(), ...(each.own?.segments.keys() ?? [])]);
  return [...new Set([...defined, ...known])].map((key) => ({
    segment: key,
    change: entered.has(key) ? 'entered' : 'exited',
  }));
}
