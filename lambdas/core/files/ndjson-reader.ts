import { isObject, readJson } from '../values/json.ts';
import { isDeep } from './is-deep.ts';
import { badRow, type Line, type ReadRow, type RowPlace, type RowReader } from './read-row.ts';
import { type Columns, typedRow } from './typed-row.ts';

/** Reads one JSON object a line. */
export function ndjsonReader(columns: Columns): RowReader {
  return {
    push: (lines) => lines.flatMap((line) => rowOfLine(line, columns)),
    end: () => [],
  };
}

function rowOfLine({ line, byte, text, flaw }: Line, columns: Columns): ReadRow[] {
  const place = { line, byte };
  if (flaw !== undefined) return [badRow(place, flaw, text)];
  return text.trim() === '' ? [] : [rowOfJson(text, place, columns)];
}

/** The row that a JSON object is. */
export function rowOfJson(text: string, place: RowPlace, columns: Columns): ReadRow {
  const value = parsed(text);
  if (isDeep(text)) return badRow(place, 'is nested too deeply', text);
  if (value === undefined) return badRow(place, 'is no JSON', text);
  if (!isObject(value)) return badRow(place, 'is no JSON object', text);
  const typed = typedRow(Object.entries(value), columns);
  return typed.ok ? { row: typed.row, place } : badRow(place, typed.reason, text);
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
