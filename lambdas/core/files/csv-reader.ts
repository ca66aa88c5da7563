import { type OpenRow, readFields } from './csv-fields.ts';
import { BadFile, badRow, type Line, mostRowBytes, type ReadRow, type RowReader } from './read-row.ts';
import { type Columns, typedRow } from './typed-row.ts';

/** How a file of separated values is written. */
export interface CsvForm {
  readonly delimiter: string;
  /** Whether its first line names the columns; else their names. */
  readonly header: true | readonly string[];
  readonly columns: Columns;
}

/** Most lines of a row, so that an open quote does not hold a file of short lines. */
const mostLines = 10_000;

const openQuote = 'has a quote that nothing closes';

/**
 * Reads separated values. A row may have quoted line feeds. Where a quote is never closed, or what follows cannot go on
 * with it, only its first line is bad, and the next line is read as the beginning of a row.
 */
export function csvReader({ delimiter, header, columns }: CsvForm): RowReader {
  let names = header === true ? undefined : checked(header, columns);
  /** The lines of a row that is open. */
  let held: readonly Line[] = [];
  let open: OpenRow | undefined;

  const rowOf = (lines: readonly Line[], fields: readonly string[]): ReadRow[] => {
    const first = lines[0] as Line;
    const place = { line: first.line, byte: first.byte };
    const refused = (reason: string) => [badRow(place, reason, textOf(lines))];
    const flaw = lines.find((line) => line.flaw !== undefined)?.flaw;
    if (names === undefined) {
      if (flaw !== undefined) throw new BadFile(`the line with the names of columns ${flaw}`);
      names = checked(fields, columns);
      return [];
    }
    if (flaw !== undefined) return refused(flaw);
    if (fields.length < names.length) return refused('has too few columns');
    if (fields.length > names.length) return refused('has too many columns');
    const entries = names.map((name, n) => [name, fields.at(n) || null] as const);
    const typed = typedRow(entries, columns);
    return typed.ok ? [{ row: typed.row, place }] : refused(typed.reason);
  };

  const refuse = (line: Line, reason: string): ReadRow => {
    if (names === undefined) throw new BadFile(`the line with the names of columns ${reason}`);
    return badRow({ line: line.line, byte: line.byte }, line.flaw ?? reason, textOf([line]));
  };

  const read = (lines: readonly Line[], isEnd: boolean): ReadRow[] => {
    const all = held.length === 0 ? lines : [...held, ...lines];
    const rows: ReadRow[] = [];
    let start = 0;
    let at = held.length;
    let size = held.reduce((sum, { text }) => sum + text.length + 1, 0);
    for (; at < all.length || (isEnd && open !== undefined); at += 1) {
      const line = all[at];
      if (open === undefined) {
        start = at;
        size = 0;
        if (isBlank(line)) continue;
      }
      const is = line === undefined || line.cut ? undefined : readFields(line.text, delimiter, open);
      size += (line?.text.length ?? 0) + 1;
      if (is?.is === 'row') rows.push(...rowOf(all.slice(start, at + 1), is.fields));
      const goesOn = is?.is === 'open' && size <= mostRowBytes && at - start < mostLines;
      if (is?.is !== 'row' && !goesOn) {
        rows.push(refuse(all.at(start) as Line, is?.is === 'flaw' && at === start ? is.reason : openQuote));
        at = start;
      }
      open = goesOn ? is.open : undefined;
    }
    held = open === undefined ? [] : all.slice(start);
    return rows;
  };

  return {
    push: (lines) => read(lines, false),
    end() {
      const rows = read([], true);
      if (names === undefined) throw new BadFile('is empty: it has no line with the names of columns');
      return rows;
    },
  };
}

const isBlank = (line: Line | undefined): boolean => line?.text === '' || line?.text === '\r';

const textOf = (lines: readonly Line[]): string =>
  lines
    .map(({ text }) => text)
    .join('\n')
    .replace(/\r$/, '');

/** The names of columns. @throws BadFile when one is missing or twice */
function checked(given: readonly string[], columns: Columns): readonly string[] {
  const names = given.map((name) => name.trim());
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (names.includes('')) throw new BadFile(`column ${names.indexOf('') + 1} has no name`);
  if (twice !== undefined) throw new BadFile(`two columns have the name ${twice}`);
  const missing = [...columns.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw new BadFile(`has no column ${missing.join(', ')}; it has ${names.join(', ')}`);
  return names;
}
