import { ascending } from '../../values/order.ts';

/** What aggregates keep of a value: an amount in millionths, a text, or whatever scalar an event gave. */
export type Kept = bigint | string | number | boolean;

/** One event that an aggregate takes in. */
export interface Occurrence {
  /** When it happened, in milliseconds; never later than its receipt. */
  readonly at: number;
  /** Tells its message from all others; a message that is sent again has the same. */
  readonly mark: string;
  readonly value?: Kept | undefined;
  /** Of a sequence, which of its two events this is. */
  readonly part?: 'first' | 'second' | undefined;
}

/** An occurrence in a list that some aggregates keep. */
export type Entry = Pick<Occurrence, 'at' | 'mark' | 'value'>;

/** Orders entries by time; of the same time by their marks, and of the same message by its value. */
export function compareEntries(a: Entry, b: Entry): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.mark !== b.mark) return a.mark < b.mark ? -1 : 1;
  return compareKept(a.value, b.value);
}

/** Orders values of any kind, so that of two the same one is always taken. */
export function compareKept(a: Kept | undefined, b: Kept | undefined): number {
  return ascending(`${typeof a} ${a}`, `${typeof b} ${b}`);
}

/** Entries of two lists that are in `order`, in it again and without those that have the mark of one before them. */
export function united(a: readonly Entry[], b: readonly Entry[], order: (a: Entry, b: Entry) => number): Entry[] {
  const seen = new Set<string>();
  const both: Entry[] = [];
  let taken = 0;
  for (let n = 0; n < a.length + b.length; n += 1) {
    const one = a.at(taken);
    const other = b.at(n - taken);
    const isOne = other === undefined || (one !== undefined && order(one, other) <= 0);
    const next = (isOne ? one : other) as Entry;
    if (isOne) taken += 1;
    if (!seen.has(next.mark)) both.push(next);
    seen.add(next.mark);
  }
  return both;
}
