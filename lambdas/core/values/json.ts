import { ownValue } from './own-value.ts';

/** A number with the digits it was sent with, which a double would lose; `JSON.stringify` writes them unchanged. */
export interface SentNumber {
  readonly rawJSON: string;
}

declare global {
  /** Node has these two functions; TypeScript's library lacks them. */
  interface JSON {
    rawJSON(text: string): SentNumber;
    isRawJSON(value: unknown): value is SentNumber;
  }
}

/** Says whether a value is an object of JSON: no list, no number that kept its digits. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isSentNumber(value);

/** A value's fields; none when it is no object. */
export const fieldsOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

/** What a value holds at a path, by names of its own. */
export const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((at, name) => ownValue(fieldsOf(at), name), value);

/**
 * Reads JSON; a number keeps its digits if a double would write others.
 * @throws SyntaxError when the text is not JSON
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const mark = mayLoseDigits.test(text) ? marks.find((code) => !text.includes(escaped(code))) : undefined;
  return mark === undefined ? value : withDigits(text, mark);
}

/**
 * Finds the few bodies that need the slow way: a number of 16 digits or more, with an exponent, with trailing zeros in
 * its fraction, or so small that JavaScript writes an exponent. A match inside a text only costs time.
 */
const mayLoseDigits = /[:,[]\s*-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE][+-]?\d|\d+\.\d*[1-9]0+(?=[\s,}\]])|0\.0{6})/;

/** Control characters, which JSON text contains only escaped. A body with all of them gets doubles. */
const marks = Array.from({ length: 8 }, (_, code) => code);
const escaped = (code: number): string => `\\u000${code}`;
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

/** A reviver would recurse, and one deeply nested event would cost the whole body. */
function withDigits(text: string, mark: number): unknown {
  const marked = text.replace(token, (each) =>
    each.startsWith('"') || isKept(each) ? each : `"${escaped(mark)}${each}"`,
  );
  const root: Record<string, unknown> = { value: JSON.parse(marked) };
  const open = [root];
  const sign = String.fromCharCode(mark);
  for (let fields = open.pop(); fields !== undefined; fields = open.pop())
    for (const [key, value] of Object.entries(fields)) {
      if (typeof value === 'string' && value.startsWith(sign)) Reflect.set(fields, key, JSON.rawJSON(value.slice(1)));
      else if (typeof value === 'object' && value !== null) open.push(value as Record<string, unknown>);
    }
  return root.value;
}

/** Whole numbers have one form, however they were sent: 1.0 and 1E2 are 1 and 100. */
function isKept(source: string): boolean {
  const value = Number(source);
  return String(value) === source || (Number.isSafeInteger(value) && isSameNumber(source, String(value)));
}

/** Whether a value is a number that kept its digits. */
export const isSentNumber = (value: unknown): value is SentNumber => JSON.isRawJSON(value);

/** Whether a value is a number in either form. */
export const isNumber = (value: unknown): value is number | SentNumber =>
  typeof value === 'number' || isSentNumber(value);

/** A number's text: a whole number up to 2^53 in plain digits, any other as it was sent. */
export const numberText = (value: number | SentNumber): string =>
  typeof value === 'number' ? String(value) : value.rawJSON;

/** The double nearest to a number. */
export const nearest = (value: number | SentNumber): number =>
  typeof value === 'number' ? value : Number(value.rawJSON);

/** Whether two texts are the same number to the last digit, if one is a double's: `1.50` and `1.5` are. */
export const isSameNumber = (a: string, b: string): boolean =>
  Number(a) === Number(b) && significant(a) === significant(b);

/** A number's digits without surrounding zeros; loops, because a number may be very long. */
function significant(text: string): string {
  const digits = (/^-?([\d.]*)/.exec(text)?.[1] ?? '').replace('.', '');
  let from = 0;
  let to = digits.length;
  while (digits.charAt(from) === '0') from += 1;
  while (to > from && digits.charAt(to - 1) === '0') to -= 1;
  return digits.slice(from, to);
}
