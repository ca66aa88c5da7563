import { textTable } from '../terminal/text-table.ts';
import type { QueryResult } from './run-query.ts';

type Columns = QueryResult['columns'];
type Rows = QueryResult['rows'];

const numbers = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'float', 'double', 'decimal']);

/** Prints rows below the names of their columns, numbers to the right, `null` for a missing value. */
export function asTable({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>): string {
  const cells = [columns.map(({ name }) => name), ...rows.map((row) => row.map((value) => oneLine(value ?? 'null')))];
  return textTable(cells, { isFigure: (column) => numbers.has(columns[column]?.type ?? ''), rule: '-' }).join('\n');
}

/** CSV by RFC 4180; null is an empty field. */
export const asCsv = ({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>): string =>
  [columns.map(({ name }) => name), ...rows].map((row) => row.map(csvCell).join(',')).join('\n');

/** One JSON object a row. Numbers stay numbers where JavaScript can hold them; all other values are Athena's text. */
export const asJson = ({ columns, rows }: { readonly columns: Columns; readonly rows: Rows }): string =>
  JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map(({ name, type }, n) => [name, jsonValue(row[n] ?? null, type)]))),
    null,
    2,
  );

/** `35.2 kB` */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = count < 1 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), units.length - 1);
  return `${power === 0 ? count : (count / 1000 ** power).toFixed(1)} ${units[power]}`;
}

const oneLine = (value: string): string => value.replace(/\s+/g, ' ');

const csvCell = (value: string | null): string => {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
};

function jsonValue(value: string | null, type: string): unknown {
  if (value === null) return null;
  if (type === 'boolean') return value === 'true';
  const number = Number(value);
  const exact =
    type === 'double' || type === 'float'
      ? Number.isFinite(number)
      : numbers.has(type) && type !== 'decimal' && Number.isSafeInteger(number);
  return exact ? number : value;
}
