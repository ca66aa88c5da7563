/** How a table is drawn. */
interface TableForm {
  /** Whether a column holds figures, which are aligned on the right. */
  readonly isFigure?: (column: number) => boolean;
  /** The sign of a rule below the first row. */
  readonly rule?: string;
}

/** Draws rows as lines of text, each column as wide as its widest cell. */
export function textTable(rows: readonly (readonly string[])[], { isFigure, rule }: TableForm = {}): string[] {
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: longest }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const aligned = (cell: string, column: number): string =>
    isFigure?.(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const lines = rows.map((row) => row.map(aligned).join('  ').trimEnd());
  return rule === undefined ? lines : lines.toSpliced(1, 0, widths.map((width) => rule.repeat(width)).join('  '));
}
