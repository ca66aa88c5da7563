import type { Condition, TraitCondition } from './condition.ts';
import type { IdentityRules, Segment } from './config.ts';
import { byPriority, type Identifier, textOf, typeOf } from './identifier.ts';
import { isNumber, isSameNumber, isSentNumber, nearest } from './json.ts';
import type { Profile } from './profile.ts';
import { isBlank } from './text.ts';

/** A person became, or stopped being, a member of a segment. */
export interface SegmentChange {
  readonly segment: string;
  readonly change: 'entered' | 'exited';
}

/** Keys of the segments a profile belongs to now. */
export const membershipOf = (profile: Pick<Profile, 'traits'>, segments: readonly Segment[]): string[] =>
  segments.filter(({ where }) => holds(where, (name) => profile.traits.get(name)?.value ?? undefined)).map(({ key }) => key);

/** Whether a condition is true of the traits that `traitOf` gives; a removed trait is a missing one, and so is a blank text. */
export function holds(condition: Condition, traitOf: (name: string) => unknown): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, traitOf));
  if ('any' in condition) return condition.any.some((part) => holds(part, traitOf));
  if ('not' in condition) return !holds(condition.not, traitOf);
  const actual = traitOf(condition.trait);
  return compare(condition, isBlank(actual) ? undefined : actual);
}

/** A comparison with a missing trait, or one of another type, is false: `notEquals` says the person has the trait with another value. */
function compare(condition: TraitCondition, actual: unknown): boolean {
  switch (condition.operator) {
    case 'exists':
      return actual !== undefined;
    case 'missing':
      return actual === undefined;
    case 'equals':
      return same(actual, condition.value);
    case 'notEquals':
      return actual !== undefined && !same(actual, condition.value);
    case 'anyOf':
      return condition.value.some((value) => same(actual, value));
    case 'greaterThan':
      return isNumber(actual) && nearest(actual) > condition.value;
    case 'atLeast':
      return isNumber(actual) && nearest(actual) >= condition.value;
    case 'lessThan':
      return isNumber(actual) && nearest(actual) < condition.value;
    case 'atMost':
      return isNumber(actual) && nearest(actual) <= condition.value;
    case 'contains':
      return typeof actual === 'string' && actual.includes(condition.value);
    case 'startsWith':
      return typeof actual === 'string' && actual.startsWith(condition.value);
    case 'endsWith':
      return typeof actual === 'string' && actual.endsWith(condition.value);
  }
}

/** Numbers are the same to the last digit, or not at all. */
const same = (actual: unknown, wanted: string | number | boolean): boolean =>
  isSentNumber(actual) ? typeof wanted === 'number' && isSameNumber(actual.rawJSON, String(wanted)) : actual === wanted;

/**
 * A person's identifiers, most trusted first, of one type in order of the alphabet. Time does not count: late events would
 * bring a name back that was given up, and with it what destinations were last told under it.
 */
const byTrust = ({ identifiers }: Profile, rules: IdentityRules): Identifier[] => [...identifiers.keys()].sort((a, b) => byPriority(a, b, rules));

/** The most trusted identifier of a person. */
export const addressOf = (profile: Profile, rules: IdentityRules): Identifier | undefined => byTrust(profile, rules)[0];

/** By what destinations know a person, in Segment's words. */
export type Name = { readonly userId: string } | { readonly anonymousId: string };

/** The name under which a person is announced and delivered; one that was given up does not return. */
export function nameOf(profile: Profile, rules: IdentityRules): Name {
  const trusted = byTrust(profile, rules);
  if (trusted[0] && typeOf(trusted[0]) === 'user_id') return { userId: textOf(trusted[0]) };
  const device = trusted.find((id) => typeOf(id) === 'anonymous_id');
  return { anonymousId: device ? textOf(device) : profile.profileId };
}

/**
 * What to announce when the profiles `before` became `after` (several when they merged). Someone who was a member
 * already is not announced again, unless destinations know them by another name from now on.
 */
export function changesBetween(before: readonly Profile[], after: Profile, rules: IdentityRules): SegmentChange[] {
  const nameIn = (profile: Profile): string => JSON.stringify(nameOf(profile, rules));
  const name = nameIn(after);
  const told = new Set(before.filter((profile) => nameIn(profile) === name).flatMap(({ segments }) => [...segments.keys()]));
  const left = new Set(before.flatMap(({ segments }) => [...segments.keys()]).filter((key) => !after.segments.has(key)));
  return [
    ...[...after.segments.keys()].filter((key) => !told.has(key)).map((segment): SegmentChange => ({ segment, change: 'entered' })),
    ...[...left].map((segment): SegmentChange => ({ segment, change: 'exited' })),
  ];
}

/** All that destinations are to know: an unmerge or a release gives names back, and what was said under them last may be long untrue. */
export const everyMembership = ({ collection, segments: entered }: Profile, segments: readonly Segment[]): SegmentChange[] =>
  collection === 'users' ? segments.map(({ key }) => ({ segment: key, change: entered.has(key) ? 'entered' : 'exited' })) : [];
