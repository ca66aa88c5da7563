import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FileStore } from '../../adapters/files/staged-files.ts';
import { loadIdOf } from '../../core/imports/load.ts';
import { manifestKey, recordsFolder } from '../../core/imports/staged-record.ts';
import { formatInstant } from '../../core/values/time.ts';
import { readKey, readRecord, type TopicRecord } from './record.ts';

/** Everything that staging changes works with. */
export interface StageChangesDeps {
  /** Puts an object into the lake's bucket. */
  readonly put: FileStore['put'];
}

/** Whose changes they are, and when they are read, in milliseconds since 1970. */
export interface ChangesPlace {
  readonly sourceId: string;
  readonly object: string;
  readonly now: number;
}

/**
 * Leaves the records of a batch as a load for the job `records`, which orders them by the database's log. The same
 * records again are the same load, and others are another one. A tombstone follows a deletion, so it is left out.
 * @throws when the lake does not take them
 */
export async function stageChanges(
  records: readonly TopicRecord[],
  { sourceId, object, now }: ChangesPlace,
  { put }: StageChangesDeps,
): Promise<void> {
  const lines = records.flatMap((record) => (record.value === undefined ? [] : [`${lineOf(record, now)}\n`]));
  if (lines.length === 0) return;
  const text = lines.join('');
  const latest = records.reduce((last, { timestamp }) => Math.max(last, timestamp), 0);
  const startedAt = Math.min(latest, now);
  const name = createHash('sha256').update(object).update(text).digest('hex');
  const load = loadIdOf({ startedAt, name });
  await put(`${recordsFolder(sourceId, load)}${object}/0.ndjson.gz`, gzipSync(text));
  const about = { source: sourceId, load, object, complete: false, startedAt: formatInstant(startedAt) };
  await put(manifestKey(sourceId, load), JSON.stringify(about));
}

/** A line of a load: a message with its key, or a record that is no JSON. */
function lineOf(record: TopicRecord, now: number): string {
  const { line } = readRecord(record, now);
  return JSON.stringify('row' in line ? { ...line, key: readKey(record) } : line);
}
