import type { AggregateSpec, Taken } from './aggregate-spec.ts';

/** The longest text that an aggregate keeps, in bytes; of a longer one its beginning and a hash. */
export const longestText = 48;

/** What a time, a message's mark, an amount and a text take at most when packed. */
const bytes = { time: 6, mark: 9, amount: 11, text: longestText + 2, hash: 10, count: 4, stretch: 4 } as const;

/** Bytes of a kept value, by what is taken of a property. */
function bytesOf({ as }: Taken): number {
  if (as === 'amount') return bytes.amount;
  return as === 'hash' ? bytes.hash : bytes.text;
}

/** Bytes that an aggregate takes at most in a profile, with its id. */
export function worstBytes({ shape, taken }: AggregateSpec): number {
  const value = taken === undefined ? 0 : bytesOf(taken);
  const entry = bytes.time + bytes.mark + 1 + value;
  const sums = bytes.count + (taken === undefined ? 0 : 3 * bytes.amount);
  const id = 12;
  switch (shape.kind) {
    case 'latest':
    case 'earliest':
      return id + shape.keep * entry;
    case 'series':
      return id + shape.keep * entry + (shape.buckets + 1) * (bytes.stretch + sums);
    case 'values':
      return id + shape.keep * (value + bytes.time);
    case 'frequency':
      return id + shape.keep * (value + bytes.count) + 1;
    case 'pairs':
      return id + bytes.stretch + shape.keep * (bytes.stretch + 16);
    case 'total':
      return id + sums;
  }
}
