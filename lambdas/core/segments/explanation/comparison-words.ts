import type { Comparison } from '../comparisons/comparison.ts';
import type { DateComparison } from '../language/rule.ts';
import { wordsOfWindow } from './window-words.ts';

/** A value as it is written in a definition. */
export const quoted = (value: unknown): string => JSON.stringify(value);

const words: ReadonlyMap<string, string> = new Map(
  Object.entries({
    equals: 'is',
    notEquals: 'is not',
    greaterThan: 'is above',
    atLeast: 'is at least',
    lessThan: 'is below',
    atMost: 'is at most',
    between: 'is between',
    anyOf: 'is any of',
    noneOf: 'is none of',
    contains: 'contains',
    startsWith: 'starts with',
    endsWith: 'ends with',
    exists: 'exists',
    missing: 'is missing',
    before: 'is before',
    after: 'is after',
  } satisfies Record<Comparison['operator'], string>),
);

/** What is said of a value: `is at least 50`. */
export function wordsOfComparison(comparison: Comparison): string {
  const said = words.get(comparison.operator) ?? comparison.operator;
  if (comparison.operator === 'between') return `${said} ${comparison.from} and ${comparison.to}`;
  if (!('value' in comparison)) return said;
  const { value } = comparison;
  return `${said} ${typeof value === 'object' ? value.map(quoted).join(', ') : quoted(value)}`;
}

/** What is said of a trait, which may be a date: `is a date in the next 7d`. */
export function wordsOfTraitComparison(comparison: Comparison | DateComparison): string {
  switch (comparison.operator) {
    case 'during':
      return `is a date ${wordsOfWindow(comparison.window)}`;
    case 'inNext':
      return `is a date in the next ${comparison.value}`;
    case 'anniversary':
      return `has its anniversary ${wordsOfDays(comparison)}`;
    default:
      return wordsOfComparison(comparison);
  }
}

function wordsOfDays({ from, to }: { readonly from: number; readonly to: number }): string {
  if (from === to) return from === 0 ? 'today' : dayWords(from);
  return `from ${dayWords(from)} to ${dayWords(to)}`;
}

function dayWords(days: number): string {
  if (days === 0) return 'today';
  const count = `${Math.abs(days)} ${Math.abs(days) === 1 ? 'day' : 'days'}`;
  return days > 0 ? `${count} ahead` : `${count} ago`;
}
