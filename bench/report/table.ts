/** Figures to read, a row each. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know to read them rightly. */
  readonly notes?: readonly string[];
}

/** Draws a table for a terminal: words to the left, figures to the right. */
export function drawTable({ title, columns, rows, notes = [] }: Table): string {
  const holdsFigures = columns.map((_, n) => n > 0 && /^\d/.test(rows[0]?.[n] ?? ''));
  const widths = columns.map((column, n) => Math.max(column.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, n) => (holdsFigures[n] ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))).join('  ')}`;
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`;
  return [title, line(columns), rule, ...rows.map(line), ...notes.map((note) => `  ${note}`)].join('\n');
}
