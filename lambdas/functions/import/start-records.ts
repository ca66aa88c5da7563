import type { CdpConfig } from '../../core/config/config.ts';
import { LoadManifest, resultKey } from '../../core/imports/staged-record.ts';
import type { PieceEnd } from './send-piece.ts';

/** Everything that starting the job `records` works with. */
export interface StartRecordsDeps {
  readonly config: Pick<CdpConfig, 'sources' | 'identity'>;
  /** The text of an object in the lake's bucket; undefined if it is not there. */
  readonly textAt: (key: string) => Promise<string | undefined>;
  /** Starts the job that takes every load of records that waits; false if a run is at work. */
  readonly startRecords: () => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds until a load is looked at again that a run may have come too late for. */
const untilNextRun = 300_000;

/** Milliseconds for which changes of a topic gather: each run of the job costs as much as a minute of it. */
const gathering = 900_000;

/**
 * Starts the job for a load of records, unless a run has taken it. While a run is at work, the load is looked at again
 * later: the run may have listed what waits before it came. A load of a topic waits for others, which one run takes.
 */
export async function startRecords(
  manifest: string,
  { config, textAt, startRecords, now }: StartRecordsDeps,
): Promise<PieceEnd> {
  const text = await textAt(manifest);
  // Somebody took the load away: nothing waits.
  if (text === undefined) return { kind: 'done' };
  const read = LoadManifest.safeParse(parsed(text));
  const isTaken = read.success && (await textAt(resultKey(manifest, read.data.object))) !== undefined;
  if (isTaken) return { kind: 'done' };
  const until = read.success && isOfTopic(read.data, config) ? Date.parse(read.data.startedAt) + gathering : 0;
  if (until > now()) return { kind: 'busy', until };
  // The job says what is wrong with a manifest, and fails.
  return (await startRecords()) ? { kind: 'done' } : { kind: 'busy', until: now() + untilNextRun };
}

const isOfTopic = ({ source }: LoadManifest, { sources }: StartRecordsDeps['config']): boolean =>
  sources.some(({ id, kind }) => id === source && kind === 'kafka');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
