import { textTable } from '../../bin/terminal/text-table.ts';

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
  const lines = textTable([columns, ...rows], { isFigure: (column) => holdsFigures[column] ?? false, rule: '─' });
  return [title, ...[...lines, ...notes].map((line) => `  ${line}`)].join('\n');
}
