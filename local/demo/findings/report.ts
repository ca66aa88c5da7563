import { textTable } from '../../../bin/terminal/text-table.ts';
import type { Count } from './findings.ts';

/** Draws the counts as a table with expected and measured numbers. */
export function countsTable(counts: readonly Count[]): string[] {
  const rows = counts.map(({ what, where, expected, measured }) => [
    what,
    where,
    expected.toLocaleString('en-US'),
    measured.toLocaleString('en-US'),
    expected === measured ? '' : '← differs',
  ]);
  const isFigure = (column: number) => column === 2 || column === 3;
  return textTable([['', '', 'expected', 'measured'], ...rows], { isFigure }).map((line) => `  ${line}`);
}

const mostShown = 20;

/** Lists the first differences and the number of the others. */
export function differencesList(found: readonly string[]): string[] {
  const more = found.length - mostShown;
  return [...found.slice(0, mostShown).map((line) => `  - ${line}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}
