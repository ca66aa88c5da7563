import { asTable } from '../athena/result-table.ts';
import type { QueryPlace } from '../deployment/query-place.ts';
import { emptyLake, figure, rowsOf, text } from './membership.ts';

/** Entries and exits of one day. */
export interface Day {
  readonly day: string;
  readonly entered: number;
  readonly left: number;
  /** At its end. */
  readonly members: number;
}

/** Somebody's time in a segment. */
export interface Stay {
  readonly profileId: string;
  readonly enteredAt: string;
  /** Null while a member. */
  readonly exitedAt: string | null;
}

/** The newest stays in a segment, by their last entry or exit. */
export async function segmentStays(place: QueryPlace, key: string, limit: number): Promise<readonly Stay[]> {
  const rows = await rowsOf(
    place,
    `SELECT profile_id, entered_at, exited_at FROM segment_membership WHERE segment = '${key}'
ORDER BY coalesce(exited_at, entered_at) DESC, profile_id LIMIT ${limit}`,
  );
  return rows.map(([profileId, enteredAt, exitedAt = null]) => ({
    profileId: profileId ?? '',
    enteredAt: enteredAt ?? '',
    exitedAt,
  }));
}

/** Days with entries or exits of a segment, newest first. */
export async function segmentDays(place: QueryPlace, key: string, limit: number): Promise<readonly Day[]> {
  const rows = await rowsOf(
    place,
    `SELECT day, sum(entered) AS entered, sum(left_it) AS left_it, sum(sum(entered) - sum(left_it)) OVER (ORDER BY day) AS members
FROM (
  SELECT CAST(entered_at AS date) AS day, 1 AS entered, 0 AS left_it FROM segment_membership WHERE segment = '${key}'
  UNION ALL
  SELECT CAST(exited_at AS date), 0, 1 FROM segment_membership WHERE segment = '${key}' AND exited_at IS NOT NULL
)
GROUP BY day ORDER BY day DESC LIMIT ${limit}`,
  );
  return rows.map(([day, entered, left, members]) => ({
    day: day ?? '',
    entered: Number(entered),
    left: Number(left),
    members: Number(members),
  }));
}

/** Stays as a table. */
export function staysReport(key: string, stays: readonly Stay[], limit: number): string {
  if (stays.length === 0) return nobodyIn(key);
  const rows = stays.map(({ profileId, enteredAt, exitedAt }) => [profileId, enteredAt, exitedAt ?? 'is in']);
  return cut(asTable({ columns: [text('profile'), text('entered (UTC)'), text('exited (UTC)')], rows }), rows, limit);
}

/** Days as a table. */
export function daysReport(key: string, days: readonly Day[], limit: number): string {
  if (days.length === 0) return nobodyIn(key);
  const rows = days.map(({ day, entered, left, members }) => [day, `${entered}`, `${left}`, `${members}`]);
  const columns = [text('day (UTC)'), figure('entered'), figure('left'), figure('members')];
  return cut(asTable({ columns, rows }), rows, limit);
}

const nobodyIn = (key: string): string => `Nobody has entered ${key} in the lake. ${emptyLake}`;

const cut = (table: string, rows: readonly unknown[], limit: number): string =>
  rows.length < limit ? table : `${table}\n\nThe newest ${limit}; --limit shows more.`;
