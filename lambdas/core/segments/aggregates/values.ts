import { compareTexts } from '../../values/text.ts';
import type { Kind, ShapeOf } from './kind.ts';

type Its = ShapeOf<'values'>;

/** Value → when it was last given. */
export type Values = ReadonlyMap<string, number>;

function newest({ keep }: Its, values: Values): Values {
  if (values.size <= keep) return values;
  return new Map([...values].sort(([a, atA], [b, atB]) => atB - atA || compareTexts(a, b)).slice(0, keep));
}

function joined(a: Values, b: Values): Values {
  const both = new Map(a);
  for (const [value, at] of b) both.set(value, Math.max(both.get(value) ?? at, at));
  return both;
}

/**
 * Distinct values, the newest `keep` of them: exact up to as many, and then "at least so many". The same messages may
 * be joined again.
 */
export const values: Kind<Its, Values> = {
  of: (_shape, { at, value }) => new Map(value === undefined ? [] : [[String(value), at]]),
  join: (shape, a, b) => {
    const both = newest(shape, joined(a, b));
    return both.size === a.size && [...both].every(([value, at]) => a.get(value) === at) ? a : both;
  },
};
