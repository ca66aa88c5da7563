import type { Outcome } from './part.ts';

const slowest = 10;

/** What each part cost, what all did, and which files took longest; a part that was not run costs nothing. */
export function priceOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, passed, failed, proven, processorSeconds, seconds }) =>
    proven
      ? [name, passed, '', 'proven before', '']
      : [name, passed, failed || '', processorSeconds.toFixed(1), seconds.toFixed(1)],
  );
  const processor = outcomes.reduce((sum, outcome) => sum + outcome.processorSeconds, 0);
  const files = outcomes
    .flatMap((outcome) => outcome.files)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, slowest);
  return [
    ...aligned([['part', 'passed', 'failed', 'processor s', 's'], ...rows, ['all', '', '', processor.toFixed(1), '']]),
    ...(files.length === 0 ? [] : ['', 'The slowest files:']),
    ...files.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`),
  ].join('\n');
}

/** Columns of texts: the first from the left, the others from the right. */
function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => String(row[column]).length));
  return rows.map((row) =>
    row
      .map((cell, n) => (n === 0 ? String(cell).padEnd(widthOf(n)) : String(cell).padStart(widthOf(n) + 2)))
      .join('')
      .trimEnd(),
  );
}
