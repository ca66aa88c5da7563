import { type LakeRow, timeIn } from '../core/access/lake-events.ts';
import type { LogEntry } from './rebuilt-id.ts';

/**
 * Asks the table `identity_log` for unmerges and for links that profiles may have been made for: those that say so, and
 * of older ones the first of each profile. Nobody gets the id of a profile that was erased.
 */
export const foundingQuery = [
  'SELECT kind, profile_id, identifier, message_id, founds, at',
  'FROM (',
  '  SELECT kind, profile_id, identifier, message_id, founds, at, min(at) OVER (PARTITION BY profile_id) AS first_at',
  "  FROM identity_log WHERE kind IN ('link', 'unmerge')",
  ')',
  "WHERE (kind = 'unmerge' OR founds OR at = first_at)",
  "  AND profile_id NOT IN (SELECT profile_id FROM identity_log WHERE kind = 'erased' AND profile_id IS NOT NULL)",
  'ORDER BY at, profile_id, identifier',
].join('\n');

/** The entries of the log that rows of the query are. */
export const foundingEntries = (rows: readonly LakeRow[]): LogEntry[] =>
  rows.map(([kind, profileId, identifier, messageId, founds, at = null]) => ({
    kind,
    profileId,
    identifier,
    messageId,
    founds: founds === 'true',
    at: timeIn(at),
  }));
