import type { ImportStatus } from '../../lambdas/operations/import-status.ts';
import { textTable } from '../terminal/text-table.ts';

/** Says how far the files of imports are, the newest first. */
export function statusReport(files: readonly ImportStatus[]): string[] {
  if (files.length === 0) return ['No file was imported.'];
  const head = ['file', 'state', 'rows', 'sent', 'quarantined', 'why'];
  const rows = files.map(({ file, state, rows: all, sent, quarantined, reason }) => [
    file,
    state,
    ...[all, sent, quarantined].map((number) => (number === undefined ? '' : String(number))),
    reason ?? '',
  ]);
  return textTable([head, ...rows], { isFigure: (column) => column >= 2 && column <= 4, rule: '-' });
}
