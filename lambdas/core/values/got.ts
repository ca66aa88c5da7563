import { isNumber } from './json.ts';

/** Says what somebody sent, by its kind and size and never by its words: they may be anybody's. */
export function got(value: unknown): string {
  if (value === undefined) return 'got nothing';
  if (typeof value === 'string')
    return value === ''
      ? 'got an empty text'
      : `got a text of ${value.length} character${value.length === 1 ? '' : 's'}`;
  if (isNumber(value)) return 'got a number';
  if (Array.isArray(value)) return `got a list of ${value.length}`;
  return value === null || typeof value !== 'object' ? `got ${String(value)}` : 'got an object';
}
