import type { ExplanationWithRows } from '../../lambdas/core/operations/explain-rows.ts';

type Row = NonNullable<ExplanationWithRows['traits'][number]['row']>;

/** A row in words, such as `contacts 17, imports/files/crm/all.csv line 12`; empty if none is known. */
export function rowText(stamp: Row | undefined): string {
  if (stamp === undefined) return '';
  const { object, id, file, line, row } = stamp;
  const number = line === undefined ? row : line;
  const place = [file, number === undefined ? '' : `${line === undefined ? 'row' : 'line'} ${number}`];
  return [`${object} ${id ?? ''}`, place.join(' ')]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(', ');
}
