import { isNumber } from './json.ts';

/** Describes a received value by kind and size, never by its content, which may be personal. */
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
