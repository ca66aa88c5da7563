import type { Condition, TraitCondition } from './condition.ts';
import type { IdentityRules, Segment } from './config.ts';
import { type Identifier, rankOf } from './identifier.ts';
import type { Profile } from './profile.ts';

/** A person became, or stopped being, a member of a segment. */
export interface SegmentChange {
  readonly segment: string;
  readonly change: 'entered' | 'exited';
}

/** Keys of the segments a profile belongs to now. */
export const membershipOf = (profile: Pick<Profile, 'traits'>, segments: readonly Segment[]): string[] =>
  segments.filter(({ where }) => holds(where, (name) => profile.traits.get(name)?.value ?? undefined)).map(({ key }) => key);

/** Whether a condition is true of the traits that `traitOf` gives; a removed trait is a missing one. */
export function holds(condition: Condition, traitOf: (name: string) => unknown): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, traitOf));
  if ('any' in condition) return condition.any.some((part) => holds(part, traitOf));
  if ('not' in condition) return !holds(condition.not, traitOf);
  return compare(condition, traitOf(condition.trait));
}

/** A comparison with a missing trait, or one of another type, is false: `notEquals` says the person has the trait with another value. */
function compare(condition: TraitCondition, actual: unknown): boolean {
  switch (condition.operator) {
    case 'exists':
      return actual !== undefined;
    case 'missing':
      return actual === undefined;
    case 'equals':
      return actual === condition.value;
    case 'notEquals':
      return actual !== undefined && actual !== condition.value;
    case 'anyOf':
      return condition.value.some((value) => value === actual);
    case 'greaterThan':
      return typeof actual === 'number' && actual > condition.value;
    case 'atLeast':
      return typeof actual === 'number' && actual >= condition.value;
    case 'lessThan':
      return typeof actual === 'number' && actual < condition.value;
    case 'atMost':
      return typeof actual === 'number' && actual <= condition.value;
    case 'contains':
      return typeof actual === 'string' && actual.includes(condition.value);
    case 'startsWith':
      return typeof actual === 'string' && actual.startsWith(condition.value);
    case 'endsWith':
      return typeof actual === 'string' && actual.endsWith(condition.value);
  }
}

/** The identifier by which destinations know a person: the most trusted, of several the one seen first. */
export function addressOf(profile: Profile, rules: IdentityRules): Identifier | undefined {
  const [first] = [...profile.identifiers].sort(
    ([a, seenA], [b, seenB]) => rankOf(a, rules) - rankOf(b, rules) || compareText(seenA.first, seenB.first) || compareText(a, b),
  );
  return first?.[0];
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What to announce when the profiles `before` became `after` (several when they merged). Someone who was a member
 * already is not announced again, unless destinations know them by another identifier from now on.
 */
export function changesBetween(before: readonly Profile[], after: Profile, rules: IdentityRules): SegmentChange[] {
  const address = addressOf(after, rules);
  const told = new Set(before.filter((profile) => addressOf(profile, rules) === address).flatMap(({ segments }) => [...segments.keys()]));
  const left = new Set(before.flatMap(({ segments }) => [...segments.keys()]).filter((key) => !after.segments.has(key)));
  return [
    ...[...after.segments.keys()].filter((key) => !told.has(key)).map((segment): SegmentChange => ({ segment, change: 'entered' })),
    ...[...left].map((segment): SegmentChange => ({ segment, change: 'exited' })),
  ];
}
