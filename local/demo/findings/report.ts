import { textTable } from '../../../bin/terminal/text-table.ts';
import type { Count } from './count.ts';
import type { RecipeCount } from './recipes.ts';

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

/** Draws what came of each recipe, and how soon the webhook heard of what time alone changed. */
export function recipesTable(counts: readonly RecipeCount[]): string[] {
  const rows = counts.map(({ recipe, expected, measured, turned, seconds }) => [
    recipe,
    expected.toLocaleString('en-US'),
    measured.toLocaleString('en-US'),
    turned === 0 ? '' : String(turned),
    seconds.length === 0 ? '' : `${Math.max(...seconds).toFixed(0)} s`,
    expected === measured ? '' : '← differs',
  ]);
  const head = ['members of the recipe', 'expected', 'measured', 'changed by themselves', 'told within'];
  const isFigure = (column: number) => column > 0 && column < 5;
  return textTable([head, ...rows], { isFigure }).map((line) => `  ${line}`);
}

const mostShown = 20;

/** Lists the first differences and the number of the others. */
export function differencesList(found: readonly string[]): string[] {
  const more = found.length - mostShown;
  return [...found.slice(0, mostShown).map((line) => `  - ${line}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}
