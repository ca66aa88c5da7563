import { textTable } from '../../bin/terminal/text-table.ts';
import type { Outcome } from './part.ts';

const slowest = 10;

/** What each part cost, what all did, and which files took longest; a part that was not run costs nothing. */
export function priceOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, passed, failed, proven, processorSeconds, seconds }) =>
    proven
      ? [name, String(passed), '', 'proven before', '']
      : [name, String(passed), String(failed || ''), processorSeconds.toFixed(1), seconds.toFixed(1)],
  );
  const processor = outcomes.reduce((sum, outcome) => sum + outcome.processorSeconds, 0);
  const files = outcomes
    .flatMap((outcome) => outcome.files)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, slowest);
  return [
    ...textTable(
      [['part', 'passed', 'failed', 'processor s', 's'], ...rows, ['all', '', '', processor.toFixed(1), '']],
      {
        isFigure: (column) => column > 0,
      },
    ),
    ...(files.length === 0 ? [] : ['', 'The slowest files:']),
    ...files.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`),
  ].join('\n');
}
