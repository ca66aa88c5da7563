import { isSentNumber, type SentNumber } from '../values/json.ts';
import { limits } from './event.ts';

/** Why a JSON value cannot be stored, and where. */
interface Flaw {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

/** Finds the first part of a parsed JSON value that stores or readers downstream cannot hold exactly. */
export function findFlaw(value: unknown, depth = 0): Flaw | undefined {
  if (typeof value === 'number' && !Number.isFinite(value))
    return { path: [], reason: 'is a number too large to keep' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (isSentNumber(value)) return numberFlaw(value);
  if (depth >= limits.depth) return { path: [], reason: `is nested more than ${limits.depth} levels deep` };
  return Array.isArray(value) ? findInArray(value, depth) : findInObject(value as Record<string, unknown>, depth);
}

/** JSON readers fail at 1,000 digits or at exponents beyond their integers. */
const numberFlaw = ({ rawJSON }: SentNumber): Flaw | undefined =>
  rawJSON.length > limits.identifier || /e[+-]?\d{5}/i.test(rawJSON)
    ? {
        path: [],
        reason: `is a number of more than ${limits.identifier} characters, or with an exponent of more than four digits; send it as a text`,
      }
    : undefined;

function findInArray(values: readonly unknown[], depth: number): Flaw | undefined {
  for (let i = 0; i < values.length; i += 1) {
    const flaw = findFlaw(values[i], depth + 1);
    if (flaw !== undefined) return { ...flaw, path: [i, ...flaw.path] };
  }
  return undefined;
}

function findInObject(fields: Record<string, unknown>, depth: number): Flaw | undefined {
  for (const key in fields) {
    // A reader that copies fields naively would replace an object's prototype by this key.
    if (key === '__proto__') return { path: [key], reason: 'is not allowed as a name' };
    const flaw = findFlaw(fields[key], depth + 1);
    if (flaw !== undefined) return { ...flaw, path: [key, ...flaw.path] };
  }
  return undefined;
}
