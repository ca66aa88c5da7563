import pMap from 'p-map';
import type { LakeZone } from '../../lambdas/adapters/lake/zone.ts';
import { runQuery } from '../athena/run-query.ts';
import type { QueryPlace } from '../deployment/query-place.ts';
import { classesPerFactor, type Group, groupsOf, isEnd, type Wanted } from './groups.ts';

/** Groups are few: destinations, outcomes, reasons and classes of latency. */
const mostGroups = 100_000;
/** Objects of the zone to read, newest first; Firehose writes one a minute. */
const mostObjects = 2_000;
const anHour = 3_600_000;

/** What the lake knows of attempts. */
export interface Found {
  readonly groups: readonly Group[];
  /** Time of the newest row of the table; undefined if it has none in the span. */
  readonly until: number | undefined;
  /** Objects that the table does not have yet, those among them that were read, and those that could not be. */
  readonly objects: number;
  readonly unread: number;
}

/** Attempts from the table, and newer ones from the objects that the next job will read. */
export async function attemptsIn(
  place: QueryPlace,
  zone: LakeZone,
  wanted: Wanted,
  heard: { readonly state: (state: string) => void; readonly signal: AbortSignal },
): Promise<Found> {
  const query = (sql: string) =>
    runQuery(place.athena, { ...place, sql, limit: mostGroups }, heard.state, heard.signal);
  const [counted, newest] = await Promise.all([query(countsSql(wanted)), query(newestSql(wanted))]);
  const until = timeIn(newest.rows[0]?.[0] ?? null);
  const keys = await zone.list((until ?? wanted.since) - anHour, Date.now());
  let unread = Math.max(0, keys.length - mostObjects);
  const lines = await pMap(
    keys.slice(-mostObjects),
    (key) =>
      zone.read(key).catch((): string[] => {
        unread += 1;
        return [];
      }),
    { concurrency: 16 },
  );
  const fresh = groupsOf([...new Set(lines.flat())], wanted, until ?? wanted.since);
  return { groups: [...counted.rows.flatMap(groupIn), ...fresh], until, objects: keys.length, unread };
}

/** The query for counts by destination, outcome, reason and class of latency. */
export const countsSql = (wanted: Wanted): string =>
  `SELECT destination, outcome, reason, latency, sum(items) AS items FROM (
  SELECT destination, outcome, coalesce(reason, '') AS reason, items,
    CASE WHEN requests > 0 THEN CAST(round(ln(latency_ms + 1) * ${classesPerFactor}) AS integer) END AS latency
  FROM deliveries WHERE ${conditions(wanted).join(' AND ')}
) GROUP BY destination, outcome, reason, latency`;

const newestSql = ({ since }: Wanted): string => `SELECT max(at) FROM deliveries WHERE ${conditions({ since })[0]}`;

function conditions({ since, ...chosen }: Wanted): string[] {
  const equal = Object.entries(chosen).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = '${value.replaceAll("'", "''")}'`],
  );
  return [`at > TIMESTAMP '${new Date(since).toISOString().replace('T', ' ').slice(0, 23)}'`, ...equal];
}

function groupIn([destination, outcome, reason, latency, items]: readonly (string | null)[]): Group[] {
  if (typeof destination !== 'string' || !isEnd(outcome)) return [];
  return [
    {
      destination,
      outcome,
      reason: reason ?? '',
      latency: latency === null || latency === undefined ? undefined : Number(latency),
      items: Number(items ?? 0),
    },
  ];
}

/** Athena writes `2026-05-01 10:00:00.123456 UTC`. */
const timeIn = (text: string | null): number | undefined => {
  const [day = '', time = ''] = (text ?? '').split(' ');
  const at = Date.parse(`${day}T${time.slice(0, 12)}Z`);
  return Number.isNaN(at) ? undefined : at;
};
