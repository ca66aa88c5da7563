import { isNumber, isSameNumber, isSentNumber, nearest } from '../values/json.ts';
import { isBlank } from '../values/text.ts';
import type { Condition, TraitCondition } from './condition.ts';

/** Whether a condition holds for the traits that `traitOf` returns; a removed or blank trait counts as missing. */
export function holds(condition: Condition, traitOf: (name: string) => unknown): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, traitOf));
  if ('any' in condition) return condition.any.some((part) => holds(part, traitOf));
  if ('not' in condition) return !holds(condition.not, traitOf);
  const actual = traitOf(condition.trait);
  return compare(condition, isBlank(actual) ? undefined : actual);
}

/** A comparison with a missing trait or another type is false: `notEquals` requires another value. */
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

/** Numbers are equal only if all digits are. */
const same = (actual: unknown, wanted: string | number | boolean): boolean =>
  isSentNumber(actual) ? typeof wanted === 'number' && isSameNumber(actual.rawJSON, String(wanted)) : actual === wanted;
