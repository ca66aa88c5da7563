import { parse } from 'csv-parse/sync';

/** A line of a file and its number. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/** A row by the number of its first line: what is in its cells, or why that line is no row. */
interface CsvRow {
  readonly line: number;
  readonly cells?: readonly string[];
  readonly fault?: string;
}

/** What a header says: names of columns, and what separates cells. */
interface Header {
  readonly names: readonly string[];
  readonly delimiter: string;
}

/** Lines that a row with line breaks in quotes may have. */
const longestRow = 100;

/** Reads a header. What separates its cells is what makes one of the wanted names of them: a comma in doubt. */
export function headerOf(text: string, wanted: readonly string[]): Header {
  const namesBy = (delimiter: string): string[] =>
    (cellsOf(text, delimiter) ?? [text]).map((name) => name.trim().toLowerCase());
  const isWanted = (delimiter: string): boolean => namesBy(delimiter).some((name) => wanted.includes(name));
  const delimiter = [',', ';', '\t'].find(isWanted) ?? ',';
  return { names: namesBy(delimiter), delimiter };
}

/** Reads rows of as many cells as the header has. A line that is no row spoils none that follows. */
export async function* csvRows(lines: AsyncIterable<Line>, header: Header): AsyncGenerator<CsvRow> {
  const waiting: Line[] = [];
  for await (const line of lines) {
    waiting.push(line);
    yield* rowsIn(waiting, header, false);
  }
  yield* rowsIn(waiting, header, true);
}

/** Takes the rows that are complete. */
function* rowsIn(waiting: Line[], header: Header, isEnd: boolean): Generator<CsvRow> {
  for (;;) {
    while (waiting[0]?.text.trim() === '') waiting.shift();
    const count = linesOfRow(waiting, isEnd);
    if (count === undefined) return;
    const row = rowOf(waiting.slice(0, count), header);
    waiting.splice(0, row.fault === undefined ? count : 1);
    yield row;
  }
}

/** How many lines the next row has: until each quote has ended. Undefined where more lines are needed. */
function linesOfRow(waiting: readonly Line[], isEnd: boolean): number | undefined {
  let isOpen = false;
  const last = waiting.findIndex(({ text }) => {
    isOpen = isOpen !== endsOpen(text);
    return !isOpen;
  });
  if (last >= 0) return last + 1;
  return waiting.length >= longestRow || (isEnd && waiting.length > 0) ? 1 : undefined;
}

const endsOpen = (text: string): boolean => text.split('"').length % 2 === 0;

function rowOf(lines: readonly Line[], { names, delimiter }: Header): CsvRow {
  const [{ line, text }] = lines as [Line, ...Line[]];
  const cells = cellsOf(lines.map((each) => each.text).join('\n'), delimiter);
  if (cells?.length === names.length) return { line, cells };
  if (endsOpen(text)) return { line, fault: 'has a quote that does not end' };
  if (cells === undefined) return { line, fault: 'has a quote where none may be' };
  return { line, fault: `must have ${names.length} cells; got ${cells.length}` };
}

/** Cells of a row; undefined where its quotes are wrong. */
function cellsOf(text: string, delimiter: string): string[] | undefined {
  try {
    return parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true })[0];
  } catch {
    return undefined;
  }
}
