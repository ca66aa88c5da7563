import { isSameNumber } from '../../values/json.ts';
import type { Comparison } from './comparison.ts';
import { booleanOf, instantOf, itemsOf, numberOf, numericText } from './reading.ts';

type Scalar = string | number | boolean;

/**
 * Whether a comparison is true of a value, or of an item of it if it is a list; nothing is true of a missing value but
 * `missing`.
 */
export function fulfils(comparison: Comparison, value: unknown, zone: string): boolean {
  const items = itemsOf(value);
  switch (comparison.operator) {
    case 'exists':
      return items.length > 0;
    case 'missing':
      return items.length === 0;
    case 'notEquals':
      return items.length > 0 && !items.some((item) => isSame(item, comparison.value));
    case 'noneOf':
      return items.length > 0 && !items.some((item) => comparison.value.some((other) => isSame(item, other)));
    case 'contains':
      return items.some(
        (item) => isSame(item, comparison.value) || (!Array.isArray(value) && hasPart(item, comparison.value)),
      );
    default:
      return items.some((item) => fulfilsOne(comparison, item, zone));
  }
}

const hasPart = (item: unknown, part: Scalar): boolean =>
  typeof item === 'string' && typeof part === 'string' && item.includes(part);

type OfOne = Exclude<Comparison, { readonly operator: 'exists' | 'missing' | 'notEquals' | 'noneOf' | 'contains' }>;

function fulfilsOne(comparison: OfOne, item: unknown, zone: string): boolean {
  switch (comparison.operator) {
    case 'equals':
      return isSame(item, comparison.value);
    case 'anyOf':
      return comparison.value.some((value) => isSame(item, value));
    case 'startsWith':
      return typeof item === 'string' && item.startsWith(comparison.value);
    case 'endsWith':
      return typeof item === 'string' && item.endsWith(comparison.value);
    case 'before':
      return compared(instantOf(item, zone), instantOf(comparison.value, zone), (a, b) => a < b);
    case 'after':
      return compared(instantOf(item, zone), instantOf(comparison.value, zone), (a, b) => a > b);
    case 'between':
      return compared(numberOf(item), comparison.from, (a, b) => a >= b && a <= comparison.to);
    default:
      return compared(numberOf(item), comparison.value, orders.get(comparison.operator));
  }
}

type Order = (a: number, b: number) => boolean;

const orders: ReadonlyMap<OfOne['operator'], Order> = new Map([
  ['greaterThan', (a, b) => a > b],
  ['atLeast', (a, b) => a >= b],
  ['lessThan', (a, b) => a < b],
  ['atMost', (a, b) => a <= b],
]);

const compared = (a: number | undefined, b: number | undefined, order: Order | undefined): boolean =>
  a !== undefined && b !== undefined && order?.(a, b) === true;

/** Read as what is wanted: a number to the last digit, a boolean, or the same text. */
function isSame(item: unknown, value: Scalar): boolean {
  if (typeof value === 'boolean') return booleanOf(item) === value;
  if (typeof value === 'string') return item === value;
  const text = numericText(item);
  return text !== undefined && isSameNumber(text, String(value));
}
