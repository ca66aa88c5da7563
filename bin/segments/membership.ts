import type { ListedDefinition } from '../../lambdas/core/operations/list-segments.ts';
import { asTable } from '../athena/result-table.ts';
import { runQuery } from '../athena/run-query.ts';
import type { QueryPlace } from '../deployment/query-place.ts';
import { stateLine } from '../terminal/state-line.ts';

/** How many people the lake has in a segment. */
export interface SegmentSize {
  readonly segment: string;
  /** Null for one that is defined no more. */
  readonly name: string | null;
  readonly members: number;
  /** Of all people, 0 to 1; null where the lake knows nobody. */
  readonly share: number | null;
  readonly entered: number;
  readonly left: number;
  /** The last entry or exit; null where there was none. */
  readonly lastChange: string | null;
}

/** Days that count as recent. */
export const recentDays = 7;

/** Rows that are read of one query at most. */
export const mostRows = 100_000;

const day = 86_400_000;

/** Sizes of the defined segments and of those that the lake still has, by the lake's newest run. */
export async function segmentSizes(
  place: QueryPlace,
  defined: readonly ListedDefinition[],
  now: number,
): Promise<readonly SegmentSize[]> {
  const since = `TIMESTAMP '${new Date(now - recentDays * day).toISOString().slice(0, 19).replace('T', ' ')} UTC'`;
  const rows = await rowsOf(
    place,
    `SELECT segment, count_if(exited_at IS NULL) AS members, count_if(entered_at >= ${since}) AS entered,
  count_if(exited_at >= ${since}) AS left_it, max(coalesce(exited_at, entered_at)) AS last_change
FROM segment_membership GROUP BY segment
UNION ALL
SELECT '', count(*), 0, 0, NULL FROM profiles WHERE collection = 'users'`,
  );
  const people = Number(rows.find(([segment]) => segment === '')?.[1] ?? 0);
  const known = new Map(rows.filter(([segment]) => segment !== '').map((row) => [row[0] ?? '', row]));
  const names = new Map(defined.map(({ key, name }) => [key, name]));
  return [...new Set([...names.keys(), ...[...known.keys()].sort()])].map((segment) => {
    const [, members, entered, left, lastChange = null] = known.get(segment) ?? [];
    return {
      segment,
      name: names.get(segment) ?? null,
      members: Number(members ?? 0),
      share: people === 0 ? null : Number(members ?? 0) / people,
      entered: Number(entered ?? 0),
      left: Number(left ?? 0),
      lastChange,
    };
  });
}

/** Rows that a query gives; Ctrl-C stops it. */
export async function rowsOf(place: QueryPlace, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const query = { ...place, sql, limit: mostRows };
  return (await runQuery(place.athena, query, stateLine('query'), stopped.signal)).rows;
}

/** What is missing where the lake knows nobody. */
export const emptyLake =
  'The lake knows no members yet: run npm run job -- events, then identities, profiles and marts.';
/** A column of numbers. */
export const figure = (name: string) => ({ name, type: 'bigint' });
/** A column of texts. */
export const text = (name: string) => ({ name, type: 'varchar' });

/** Sizes as a table. */
export function sizeReport(sizes: readonly SegmentSize[]): string {
  const rows = sizes.map((size) => [
    size.segment,
    `${size.members}`,
    size.share === null ? '' : `${(size.share * 100).toFixed(1)} %`,
    `${size.entered}`,
    `${size.left}`,
    size.lastChange ?? 'never',
    size.name ?? 'is defined no more',
  ]);
  const columns = [
    text('segment'),
    figure('members'),
    figure('of all'),
    figure(`entered in ${recentDays} days`),
    figure(`left in ${recentDays} days`),
    text('last change (UTC)'),
    text('name'),
  ];
  const isEmpty = sizes.every(({ lastChange }) => lastChange === null);
  return [
    ...(sizes.length === 0 ? ['cdp.config.ts defines no segments.'] : [asTable({ columns, rows })]),
    ...(isEmpty ? ['', emptyLake] : ['', 'As of the last run of the job marts; npm run status tells when it was.']),
  ].join('\n');
}
