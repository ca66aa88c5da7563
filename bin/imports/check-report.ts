import type { ImportCheck } from '../../lambdas/operations/check-import.ts';
import { textTable } from '../terminal/text-table.ts';

/** Says in words what would become of a file. */
export function checkReport(path: string, check: ImportCheck): string[] {
  const { object, isRecords, tally, refused, calls, identifiers, untold, seconds } = check;
  const { rows, good, bad, faults } = tally;
  const head = `${path}: ${rows} rows of ${object}; ${good} are good, ${bad} would go to quarantine`;
  if (refused !== undefined)
    return [head, `Nothing would be sent: the file ${refused}`, ...section('Quarantine', faultRows(faults))];
  return [
    head,
    ...section('Quarantine', faultRows(faults)),
    ...section(isRecords ? 'Calls, if no record is known yet' : 'Calls', counted(calls)),
    ...section('Calls that name a person by', counted(identifiers)),
    ...(untold > 0 ? [`${untold} rows would become no call: no mapping takes them.`] : []),
    `Sending takes ${spanText(seconds)}, if no other import runs.`,
  ];
}

const section = (title: string, rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : [`${title}:`, ...textTable(rows, { isFigure: (column) => column === 1 })];

const counted = (counts: ReadonlyMap<string, number>) =>
  [...counts].sort(([, a], [, b]) => b - a).map(([name, number]) => ['', String(number), name]);

const faultRows = (faults: ImportCheck['tally']['faults']) =>
  faults.map(({ reason, rows, first }) => [
    '',
    String(rows),
    reason,
    first.map(({ line, byte, row }) => (row === undefined ? `line ${line} (byte ${byte})` : `row ${row}`)).join(', '),
  ]);

function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.max(1, seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
