import type { EraserRun, LakeProof } from './lake-proof.ts';
import type { StoredRequest } from './request.ts';

/** What the lake's eraser says: its proof, or why it cannot be read; nothing as long as it has never run. */
export interface LakeSays {
  readonly proof?: LakeProof;
  readonly problem?: string;
}

const day = 86_400_000;

/**
 * Days after which no job reads an export of the profile table from before it was empty, and could copy the person
 * again.
 */
export const daysOfExports = 2;

/** How the lake stands to an erased person: what it waits for, or what shows that it has nothing of them. */
export interface LakeEnd {
  readonly waitsFor?: string;
  readonly evidence?: string;
}

/** How the lake stands to an erased person, by what its eraser says. */
export function lakeEnd(
  { tableEmptiedAt, erasedAt }: Pick<StoredRequest, 'tableEmptiedAt' | 'erasedAt'>,
  { proof, problem }: LakeSays,
): LakeEnd {
  if (tableEmptiedAt === undefined)
    return { waitsFor: `the lake’s eraser, ${daysOfExports} days after the profile table is empty` };
  if (problem !== undefined) return { waitsFor: `the lake’s eraser, whose proof cannot be read: ${problem}` };
  const after = new Date(Date.parse(tableEmptiedAt) + daysOfExports * day).toISOString();
  const { runs = [], cleanedBefore = '' } = proof ?? {};
  const later = runs.filter(({ startedAt }) => startedAt >= after);
  if (later.length === 0) return { waitsFor: `the lake’s eraser: it must run after ${after}` };
  const [first, ...others] = later.filter(({ upTo }) => upTo >= (erasedAt ?? tableEmptiedAt));
  if (first === undefined)
    return { waitsFor: 'the lake’s eraser: it must run once more, after all jobs of the lake have seen this erasure' };
  const run = others.reduce((earliest, each) => (each.endedAt < earliest.endedAt ? each : earliest), first);
  if (run.endedAt <= cleanedBefore) return { evidence: evidenceOf(run, cleanedBefore) };
  const soFar = `those from before ${cleanedBefore} are gone`;
  return { waitsFor: `the lake’s eraser: it has run, and older files go until it says so of ${run.endedAt}; ${soFar}` };
}

const evidenceOf = ({ startedAt, endedAt, upTo }: EraserRun, cleanedBefore: string): string =>
  `the lake’s eraser ran from ${startedAt} to ${endedAt}, for erasures up to ${upTo}; ` +
  `what was deleted before ${cleanedBefore} is in no file`;
