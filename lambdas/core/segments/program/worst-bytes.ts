import type { AggregateSpec, Taken } from './aggregate-spec.ts';

/** The longest text that an aggregate keeps, in bytes of its JSON; a longer one keeps its beginning and a hash. */
export const longestText = 48;

/**
 * What each part takes at most when it is packed, with what separates it from the next: times are distances in base 36,
 * amounts have 15 digits, and an item of a list adds its number to the mark of its message.
 */
const bytes = { time: 10, mark: 13, amount: 19, text: longestText + 4, hash: 12, count: 8, stretch: 10 } as const;
/** Amounts in a text, without quotes. */
const sum = 16;
/** Quotes, brackets and commas of an entry, its id and its shape. */
const frame = 48;

/** Bytes of a kept value, by what is taken of a property. */
function bytesOf({ as }: Taken): number {
  if (as === 'amount') return bytes.amount;
  return as === 'hash' ? bytes.hash : bytes.text;
}

/** Bytes that an aggregate takes at most in a profile's item, with its id. */
export function worstBytes({ shape, taken }: AggregateSpec): number {
  const value = taken === undefined ? 0 : bytesOf(taken);
  const entry = bytes.time + bytes.mark + value;
  const sums = bytes.count + (taken === undefined ? 0 : 3 * sum);
  switch (shape.kind) {
    case 'latest':
    case 'earliest':
      return frame + shape.keep * entry;
    case 'series':
      return frame + shape.keep * entry + (shape.buckets + 1) * (bytes.stretch + sums);
    case 'values':
      return frame + shape.keep * (value + bytes.time);
    case 'frequency':
      return frame + shape.keep * (value + bytes.count);
    case 'pairs':
      return frame + bytes.stretch + shape.keep * (bytes.stretch + 4 * bytes.count);
    case 'total':
      return frame + sums;
  }
}
