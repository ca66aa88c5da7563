import type { ColumnType } from '../sources/objects.ts';
import { isNumber, numberText, readJson } from '../values/json.ts';
import { formatInstant } from '../values/time.ts';
import { readTime } from '../values/time-forms.ts';
import { isDeep } from './is-deep.ts';

/** Types of columns by their names. */
export type Columns = ReadonlyMap<string, ColumnType>;

/** A row with values of the declared types, or why it is none. */
export type TypedRow =
  | { readonly ok: true; readonly row: Record<string, unknown> }
  | { readonly ok: false; readonly reason: string };

/** A value that has not its column's type. */
const wrong = Symbol('wrong');

/** Gives each value its column's type. What is empty is null, and columns without a type stay as they are. */
export function typedRow(entries: Iterable<readonly [string, unknown]>, columns: Columns): TypedRow {
  const row: [string, unknown][] = [];
  for (const [name, given] of entries) {
    const type = columns.get(name);
    const value = type === undefined ? given : typed(given, type);
    if (value === wrong) return { ok: false, reason: `column ${name} is no ${type}` };
    row.push([name, value]);
  }
  return { ok: true, row: Object.fromEntries(row) };
}

function typed(given: unknown, type: ColumnType): unknown {
  if (given === null || given === undefined || given === '') return null;
  switch (type) {
    case 'text':
      return textOf(given);
    case 'number':
      return numberOf(given);
    case 'boolean':
      return booleanOf(given);
    case 'time': {
      const at = readTime(given);
      return at === undefined ? wrong : formatInstant(at);
    }
    case 'json':
      return typeof given === 'string' ? jsonOf(given) : given;
  }
}

function textOf(given: unknown): unknown {
  if (typeof given === 'string') return given;
  if (isNumber(given)) return numberText(given);
  return typeof given === 'boolean' ? String(given) : wrong;
}

const number = /^([+-]?)0*(\d*)(?:\.(\d*))?([eE][+-]?\d{1,3})?$/;

/** Digits stay as they are written; only what JSON forbids goes: a plus, leading zeros, a bare point. */
function numberOf(given: unknown): unknown {
  if (isNumber(given)) return given;
  const text = typeof given === 'string' && given.length <= 200 ? given.trim() : '';
  if (text === '') return wrong;
  const [, sign = '', whole, fraction = '', exponent = ''] = number.exec(text) ?? [];
  if (whole === undefined || !/\d/.test(text.replace(/[eE].*/, ''))) return wrong;
  const point = fraction === '' ? '' : `.${fraction}`;
  return readNumber(`${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${point}${exponent}`);
}

/** In a list, because the reading of JSON looks for the sign before a number. */
const readNumber = (text: string): unknown => (readJson(`[${text}]`) as unknown[])[0];

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, false] as const),
]);

function booleanOf(given: unknown): unknown {
  if (typeof given === 'boolean') return given;
  const text = isNumber(given) ? numberText(given) : given;
  return typeof text === 'string' ? (truths.get(text.trim().toLowerCase()) ?? wrong) : wrong;
}

function jsonOf(text: string): unknown {
  if (isDeep(text)) return wrong;
  try {
    return readJson(text);
  } catch {
    return wrong;
  }
}
