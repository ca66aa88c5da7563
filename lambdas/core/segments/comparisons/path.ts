import { isSentNumber } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';

/** What is at a path of names within a value; through a list, what is there in each of its items. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.flatMap((item) => valueAt(item, path) ?? []);
  if (typeof value !== 'object' || value === null || isSentNumber(value)) return undefined;
  return valueAt(ownValue(value as Record<string, unknown>, name), rest);
}

/** What fields say under a name, which may have dots; else at the path that its dots part. */
export function fieldAt(fieldOf: (name: string) => unknown, name: string): unknown {
  const whole = fieldOf(name);
  if (whole !== undefined || !name.includes('.')) return whole;
  const [first = '', ...rest] = name.split('.');
  return valueAt(fieldOf(first), rest);
}
