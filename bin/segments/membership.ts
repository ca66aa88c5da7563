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

/** Entries and exits that one run of the lake's jobs found. */
export interface Change {
  readonly at: string;
  readonly entered: number;
  readonly left: number;
  readonly members: number;
}

/** Days that count as recent. */
export const recentDays = 7;
/** Changes that are shown, newest first. */
export const mostChanges = 100;

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

/** The newest entries and exits of a segment, by the run that found them. */
export async function segmentChanges(place: QueryPlace, key: string): Promise<readonly Change[]> {
  const rows = await rowsOf(
    place,
    `SELECT at, sum(entered) AS entered, sum(left_it) AS left_it, sum(sum(entered) - sum(left_it)) OVER (ORDER BY at) AS members
FROM (
  SELECT entered_at AS at, 1 AS entered, 0 AS left_it FROM segment_membership WHERE segment = '${key}'
  UNION ALL
  SELECT exited_at, 0, 1 FROM segment_membership WHERE segment = '${key}' AND exited_at IS NOT NULL
)
GROUP BY at ORDER BY at DESC LIMIT ${mostChanges}`,
  );
  return rows.map(([at, entered, left, members]) => ({
    at: at ?? '',
    entered: Number(entered),
    left: Number(left),
    members: Number(members),
  }));
}

async function rowsOf(place: QueryPlace, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const query = { ...place, sql, limit: 1000 };
  return (await runQuery(place.athena, query, stateLine('query'), stopped.signal)).rows;
}

const emptyLake = 'The lake knows no members yet: run npm run job -- events, then identities, profiles and marts.';
const figure = (name: string) => ({ name, type: 'bigint' });
const text = (name: string) => ({ name, type: 'varchar' });

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

/** Changes as a table. */
export function changeReport(key: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `Nobody has entered ${key} in the lake. ${emptyLake}`;
  const rows = changes.map(({ at, entered, left, members }) => [at, `${entered}`, `${left}`, `${members}`]);
  const table = asTable({ columns: [text('at (UTC)'), figure('entered'), figure('left'), figure('members')], rows });
  return changes.length < mostChanges
    ? table
    : `${table}\n\nThe newest ${mostChanges}; the lake has all in segment_membership.`;
}
