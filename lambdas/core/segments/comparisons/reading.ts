import { isNumber, nearest, numberText, type SentNumber } from '../../values/json.ts';
import { isBlank } from '../../values/text.ts';
import { readTime } from '../../values/time-forms.ts';
import { beginningOfDate } from './zone.ts';

const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** A number's text: of a number, or of a text that is one. */
export function numericText(value: unknown): string | undefined {
  if (isNumber(value))
    return Number.isFinite(value) || typeof value !== 'number' ? numberText(value as number | SentNumber) : undefined;
  if (typeof value !== 'string' || value.length > 100) return undefined;
  const text = value.trim();
  return numeric.test(text) ? text.replace('+', text.startsWith('+') ? '' : '+') : undefined;
}

/** A number, or the number that a text is. */
export function numberOf(value: unknown): number | undefined {
  if (isNumber(value)) return nearest(value);
  const text = numericText(value);
  return text === undefined ? undefined : Number(text);
}

/** A boolean, or the one that a text is. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/** The instant that a value means; a date without a time begins in the zone. */
export function instantOf(value: unknown, zone: string): number | undefined {
  const text = typeof value === 'string' ? value.trim() : undefined;
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) ? beginningOfDate(text, zone) : readTime(value);
}

/** What there is of a value: the items of lists, in lists too, without blank texts, nulls and empty lists. */
export function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(itemsOf);
  return value === undefined || value === null || isBlank(value) ? [] : [value];
}

const largest = 10n ** 21n;

/** A number in whole millionths, half a millionth rounded away from zero; undefined for no number, and beyond 10^15. */
export function amountOf(value: unknown): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:[eE]\+?(-?\d+))?$/.exec(numericText(value) ?? '') ?? [];
  if (sign === undefined || (whole === '' && fraction === '')) return undefined;
  const places = 6 + Number(exponent) - fraction.length;
  if (places > 40) return /^0*$/.test(whole + fraction) ? 0n : undefined;
  const digits = BigInt(whole + fraction);
  const amount = places >= 0 ? digits * 10n ** BigInt(places) : rounded(digits, -places);
  if (amount > largest) return undefined;
  return sign === '-' ? -amount : amount;
}

/** Half away from zero, as the lake rounds decimals. */
function rounded(digits: bigint, places: number): bigint {
  if (places > 1000) return 0n;
  const unit = 10n ** BigInt(places);
  return (digits + unit / 2n) / unit;
}

/** The number that an amount is. */
export const numberOfAmount = (amount: bigint): number => Number(amount) / 1_000_000;
