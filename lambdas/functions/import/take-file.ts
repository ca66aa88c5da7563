import type { ImportLedger } from '../../adapters/dynamodb/import-ledger.ts';
import type { CheckedFile } from '../../adapters/files/check-file.ts';
import type { OpenObject } from '../../adapters/files/file-bytes.ts';
import type { StagedFiles } from '../../adapters/files/staged-files.ts';
import type { CountLoad } from '../../adapters/metrics/import-metrics.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { BadFile, TooLarge } from '../../core/files/read-row.ts';
import { tooManyBad } from '../../core/files/tally.ts';
import type { DeclaredFile } from '../../core/imports/file-key.ts';
import { readFileKey } from '../../core/imports/file-key.ts';
import type { FileSummary } from '../../core/imports/file-summary.ts';
import { advanced, type Entry, finished, noRows } from '../../core/imports/ledger.ts';
import { loadIdOf } from '../../core/imports/load.ts';
import type { PieceEnd } from './send-piece.ts';

/** Everything that taking a file works with. */
export interface TakeFileDeps {
  readonly config: Pick<CdpConfig, 'sources' | 'identity'>;
  readonly ledger: ImportLedger;
  readonly files: StagedFiles;
  /** Starts the job that splits a large file; false if it splits another one. */
  readonly split: (file: { readonly key: string; readonly version: string | undefined }) => Promise<boolean>;
  readonly countLoad: CountLoad;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How a file ended: it was read, and there is a check of it; or why it was not. */
type Reading =
  | { readonly kind: 'checked'; readonly checked: CheckedFile }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'large'; readonly reason: string };

/** Milliseconds until a large file is tried again that waits for another one. */
const untilSplit = 900_000;

const done: PieceEnd = { kind: 'done' };

/**
 * Reads a file twice: first to its end, and nothing is staged if too many rows are bad; then it stages its rows. The
 * same bytes are staged once, under whatever name they come. Beside the file lies a summary.
 */
export async function takeFile(key: string, version: string | undefined, deps: TakeFileDeps): Promise<PieceEnd> {
  const read = readFileKey(key, deps.config.sources);
  if (read === undefined) return done;
  if (!read.ok) {
    const refused = { source: read.sourceId, file: key, state: 'refused', reason: read.reason } as const;
    // A folder that names no source is of nobody's, and must not make a metric.
    return deps.config.sources.some(({ id }) => id === read.sourceId)
      ? tell(refused, deps)
      : deps.files.tell(refused).then(() => done);
  }
  const of = read.file;
  const file = await deps.files.open(key, version);
  const about = {
    source: of.source.id,
    object: of.declared.object,
    file: key,
    version: file.version,
    bytes: file.size,
  };
  const reading = await readingOf(file, of, deps);
  if (reading.kind !== 'checked') {
    await tell({ ...about, state: reading.kind, reason: reading.reason }, deps);
    const isStarted = reading.kind === 'refused' || (await deps.split({ key, version: file.version }));
    return isStarted ? done : { kind: 'busy', until: deps.now() + untilSplit };
  }
  return stage(file, { key, of, about, checked: reading.checked }, deps);
}

async function readingOf(file: OpenObject, of: DeclaredFile, { files }: TakeFileDeps): Promise<Reading> {
  try {
    return { kind: 'checked', checked: await files.check(file, of) };
  } catch (error) {
    if (error instanceof BadFile) return { kind: 'refused', reason: error.message };
    if (error instanceof TooLarge)
      return of.source.largeFiles
        ? { kind: 'large', reason: error.message }
        : { kind: 'refused', reason: `${error.message}: set largeFiles of the source, or divide the file` };
    throw error;
  }
}

interface Task {
  readonly key: string;
  readonly of: DeclaredFile;
  readonly about: Omit<FileSummary, 'state'>;
  readonly checked: CheckedFile;
}

async function stage(file: OpenObject, { key, of, about, checked }: Task, deps: TakeFileDeps): Promise<PieceEnd> {
  const { sha256: name, tally } = checked;
  const records = of.declared.rows === 'records' ? { records: true } : {};
  const summary = { ...about, ...tally, ...records };
  const reason = tooManyBad(tally, of.source.maxBadShare);
  if (reason !== undefined) return tell({ ...summary, state: 'refused', reason }, deps);
  const unit = { sourceId: of.source.id, bytes: name };
  const own = { file: key, startedAt: file.modifiedAt };
  const claim = await deps.ledger.claim(unit, { versionId: file.version, origin: own });
  if (claim.kind === 'busy') return claim;
  if (claim.kind === 'done') return tellKnown({ ...about, ...tally, state: 'known' }, deps);
  let entry: Entry = claim.entry;
  const goesOn = async (): Promise<boolean> => {
    entry = advanced(entry, 1, noRows, deps.now());
    return deps.ledger.write(unit, entry);
  };
  const { startedAt, file: firstKey } = entry.origin ?? own;
  const load = { startedAt, name };
  const pieces = await deps.files.stage(file, { of, key: firstKey, load }, goesOn);
  if (pieces === undefined) return { kind: 'busy', until: entry.leaseUntil };
  await tell({ ...summary, load: loadIdOf(load), state: 'staged', pieces }, deps);
  const counts = { ...noRows, rows: tally.rows, quarantined: tally.bad };
  return (await deps.ledger.write(unit, finished({ ...entry, counts })))
    ? done
    : { kind: 'busy', until: entry.leaseUntil };
}

/** S3 may tell of a file twice; then it is not news that its bytes are known. */
async function tellKnown(summary: FileSummary, deps: TakeFileDeps): Promise<PieceEnd> {
  const told = await deps.files.told(summary.file);
  return told?.state === 'staged' && told.version === summary.version ? done : tell(summary, deps);
}

/** Writes a file's summary, and counts its rows. The rows of a large file are counted by the job that reads them. */
async function tell(summary: FileSummary, { files, countLoad }: TakeFileDeps): Promise<PieceEnd> {
  await files.tell(summary);
  if (summary.state === 'refused') countLoad(summary.source, { failed: 1 });
  else if (summary.rows !== undefined) countLoad(summary.source, { rows: summary.rows });
  return done;
}
