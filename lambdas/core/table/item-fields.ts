import { ownValue } from '../values/own-value.ts';

/** An item as it is stored, unpacked. */
export type Row = Readonly<Record<string, unknown>>;

type Check<Value> = (value: unknown) => value is Value;

/** An item that this code did not write. It says which attribute is wrong and how, never what it holds. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';

  constructor(attribute: string, must: string) {
    super(`${attribute} must be ${must}`);
  }
}

/** Says whether something is a text. */
export const isText = (value: unknown): value is string => typeof value === 'string';
/** Says whether something is a whole number that a double holds exactly. */
export const isInt = (value: unknown): value is number => Number.isSafeInteger(value);

/**
 * The text that an item must have.
 * @throws UnreadableItem
 */
export function textIn(row: Row, name: string): string {
  const value = ownValue(row, name);
  if (typeof value !== 'string') throw new UnreadableItem(name, 'a text');
  return value;
}

/**
 * The whole number that an item must have.
 * @throws UnreadableItem
 */
export function wholeIn(row: Row, name: string): number {
  const value = ownValue(row, name);
  if (!isInt(value)) throw new UnreadableItem(name, 'a whole number');
  return value;
}

/**
 * What an item has under a name, if it has anything.
 * @throws UnreadableItem when it is not what it must be
 */
export function ifIn<Value>(row: Row, name: string, isIt: Check<Value>, must: string): Value | undefined {
  const value = ownValue(row, name);
  if (value === undefined) return undefined;
  if (!isIt(value)) throw new UnreadableItem(name, must);
  return value;
}

/**
 * A list that an item has as JSON text; undefined if it has none. Entries are checked by hand: each profile that is
 * read has dozens of them, and a schema makes objects for each part of each.
 * @throws UnreadableItem
 */
export const listIn = <Entry>(row: Row, name: string, isEntry: Check<Entry>, read?: Read): Entry[] | undefined =>
  jsonIn(row, name, (value): value is Entry[] => Array.isArray(value) && value.every(isEntry), read);

/**
 * What an item has as JSON text, which returns exactly what a client sent: DynamoDB's own maps refuse empty names,
 * numbers beyond 1e126 and nesting beyond 32 levels.
 * @throws UnreadableItem
 */
export function jsonIn<Value>(row: Row, name: string, isIt: Check<Value>, read: Read = own): Value | undefined {
  const text = ownValue(row, name);
  if (text === undefined) return undefined;
  const value = typeof text === 'string' ? parsed(text, read) : undefined;
  if (!isIt(value)) throw new UnreadableItem(name, 'JSON that this code packed');
  return value;
}

type Read = (text: string) => unknown;

/** Only values of clients can have numbers that must keep their digits. */
const own: Read = (text) => JSON.parse(text);

/** Undefined if it is no JSON: the error would quote the text. */
function parsed(text: string, read: Read): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
