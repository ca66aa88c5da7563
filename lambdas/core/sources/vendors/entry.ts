import { fieldsOf, isNumber, isObject, nearest, numberText, valueAt } from '../../values/json.ts';
import { formatInstant } from '../../values/time.ts';

/** What a vendor posted, after its signature was found right. */
export interface Posted {
  /** The parsed body: JSON, or the fields of a form. */
  readonly body: unknown;
  /** Names are in lower case. Signatures cover few of them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** One event of a request, in the vendor's form. */
export interface Entry {
  /** The vendor's name of what happened, e.g. `customer.created`. */
  readonly type: string;
  /** The vendor's id, from what is signed: the same for each delivery. Undefined if the vendor gives none. */
  readonly id?: string | undefined;
  /** When it happened. Undefined if the vendor does not tell. */
  readonly time?: string | undefined;
  readonly isTest?: boolean;
  readonly body: unknown;
  /** What mappings can read besides. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** How a vendor's bodies are read, and which events its preset makes of them. */
export interface Vendor {
  readonly read: (posted: Posted) => Entry[];
  readonly mappings: readonly PresetMapping[];
}

/** A mapping of a preset. */
export interface PresetMapping {
  readonly on: readonly string[];
  readonly to: Readonly<Record<string, unknown>>;
}

/** A text, or a number as a text; undefined for everything else. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path.split('.'));
  if (isNumber(found)) return numberText(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A time in seconds or milliseconds since 1970 becomes ISO 8601; a text stays. */
export function timeAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path.split('.'));
  if (typeof found === 'string' && !/^\d{9,13}$/.test(found)) return found === '' ? undefined : found;
  const number = isNumber(found) ? nearest(found) : Number(found ?? Number.NaN);
  if (!Number.isFinite(number) || number <= 0) return undefined;
  const milliseconds = number < 100_000_000_000 ? number * 1000 : number;
  return milliseconds < 8_640_000_000_000 ? formatInstant(Math.round(milliseconds)) : undefined;
}

/** A list of bodies: the list itself, or one body. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** `invoice.payment_failed` becomes `Invoice Payment Failed`. */
export const titled = (type: string): string =>
  type
    .split(/[._/\s-]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');

/** The parts of an object with these names. */
export const partsNamed = (value: unknown, names: readonly string[]): Record<string, unknown> =>
  isObject(value) ? Object.fromEntries(Object.entries(fieldsOf(value)).filter(([name]) => names.includes(name))) : {};

/** An external id of a person, for a mapping. It is left out where its path holds nothing. */
export const externalId = (type: string, path: string): object => ({
  id: { '@path': path },
  type,
  collection: 'users',
  encoding: 'none',
});
