import type { IdentityRules } from '../identifiers/rules.ts';
import { nameOf } from '../profile/known-as.ts';
import type { Profile } from '../profile/profile.ts';
import type { Segment } from './definition.ts';

/** A person became, or stopped being, a member of a segment. */
export interface SegmentChange {
  readonly segment: string;
  readonly change: 'entered' | 'exited';
}

/**
 * What to announce when the profiles `before` became `after` (several when they merged). Someone who was a member
 * already is not announced again, unless destinations know them by another name from now on.
 */
export function changesBetween(before: readonly Profile[], after: Profile, rules: IdentityRules): SegmentChange[] {
  const nameIn = (profile: Profile): string => JSON.stringify(nameOf(profile, rules));
  const name = nameIn(after);
  const told = new Set(
    before.filter((profile) => nameIn(profile) === name).flatMap(({ segments }) => [...segments.keys()]),
  );
  const left = new Set(
    before.flatMap(({ segments }) => [...segments.keys()]).filter((key) => !after.segments.has(key)),
  );
  return [
    ...[...after.segments.keys()]
      .filter((key) => !told.has(key))
      .map((segment): SegmentChange => ({ segment, change: 'entered' })),
    ...[...left].map((segment): SegmentChange => ({ segment, change: 'exited' })),
  ];
}

/** All that destinations are to know: an unmerge or a release gives names back, and what was said under them last may be long untrue. */
export const everyMembership = (
  { collection, segments: entered }: Profile,
  segments: readonly Segment[],
): SegmentChange[] =>
  collection === 'users'
    ? segments.map(({ key }) => ({ segment: key, change: entered.has(key) ? 'entered' : 'exited' }))
    : [];
