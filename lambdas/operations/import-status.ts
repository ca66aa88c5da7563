import pMap from 'p-map';
import type { ImportProgress } from '../adapters/dynamodb/import-progress.ts';
import type { FileSummaries } from '../adapters/files/file-summaries.ts';
import type { FileSummary } from '../core/imports/file-summary.ts';

/** How far a file is. */
export interface ImportStatus {
  readonly file: string;
  /** `sending` until all of its rows are sent or in quarantine. */
  readonly state: 'sending' | 'sent' | 'compared by a job' | 'known' | 'refused' | 'split by a job';
  readonly rows?: number | undefined;
  readonly sent?: number | undefined;
  readonly quarantined?: number | undefined;
  readonly reason?: string | undefined;
}

/** Most files that are shown, the newest. */
const mostFiles = 50;

/** How far the newest files of imports are, or those of a source. */
export async function importStatus(
  summaries: FileSummaries,
  progress: ImportProgress,
  sourceId?: string,
): Promise<ImportStatus[]> {
  const found = await summaries.newest(mostFiles, sourceId);
  return pMap(found, (summary) => statusOf(summary, progress), { concurrency: 10 });
}

async function statusOf(summary: FileSummary, progress: ImportProgress): Promise<ImportStatus> {
  const { file, state, source, load, rows, reason, pieces = 0 } = summary;
  if (state === 'large') return { file, state: 'split by a job', reason };
  if (state !== 'staged' || load === undefined)
    return { file, state: state === 'known' ? 'known' : 'refused', rows, reason };
  const { counts, done } = await progress(source, load);
  const { sent, quarantined } = counts;
  if (summary.records === true) return { file, state: 'compared by a job', rows, sent, quarantined };
  return { file, state: done >= pieces ? 'sent' : 'sending', rows, sent, quarantined };
}
