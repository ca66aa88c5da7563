import { namedMessageOf } from '../../lambdas/core/values/thrown.ts';
import { asTable } from '../athena/result-table.ts';

/** One line of a status: a part of the platform, its state, and what is wrong, if anything is. */
export interface Finding {
  readonly part: string;
  readonly state: string;
  readonly wrong?: string | undefined;
}

/** A part that cannot be read counts as wrong. */
export function couldNotBeRead(part: string, error: unknown): Finding {
  return {
    part,
    state: 'could not be read',
    wrong: namedMessageOf(error),
  };
}

/** The findings as a table, with a summary. */
export function statusReport(findings: readonly Finding[]): string {
  const wrong = findings.filter((finding) => finding.wrong !== undefined);
  const table = asTable({
    columns: ['part', 'state', 'wrong'].map((name) => ({ name, type: 'varchar' })),
    rows: findings.map(({ part, state, wrong: why = '' }) => [part, state, why]),
  });
  const [first] = wrong;
  if (first === undefined) return `${table}\n\nNothing is wrong.`;
  return `${table}\n\n${wrong.length === 1 ? `One thing is wrong: ${first.part}, ${first.wrong}.` : `${wrong.length} things are wrong.`}`;
}

/** A time span for people, e.g. `3 min`. */
export function span(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

interface Tally {
  readonly kind: string;
  readonly count: number;
}

/** Counts by kind, most first; kinds beyond `most` share one count. */
export function tally(kinds: readonly string[], most: number): readonly Tally[] {
  const counts = [...Map.groupBy(kinds, (kind) => kind)]
    .map(([kind, all]) => ({ kind, count: all.length }))
    .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
  const rest = counts.slice(most).reduce((sum, { count }) => sum + count, 0);
  if (rest === 0) return counts;
  return [...counts.slice(0, most), { kind: `${counts.length - most} other reasons`, count: rest }];
}

/**
 * Why a line is in quarantine, and the field at fault, without anything from the event or names chosen by its sender.
 */
export function reasonOf(line: string): string {
  try {
    const {
      stage = 'unknown stage',
      field = '',
      reason = 'unknown reason',
    } = JSON.parse(line) as Record<string, unknown>;
    const [, ofCall = ''] = /^([a-z]{1,20})(?![^.[])/i.exec(String(field)) ?? [];
    // Without the received value, which differs between events.
    const why = String(reason).replace(/; got [^;]*/g, '');
    return `${String(stage)}: ${`${ofCall} ${why}`.trim().slice(0, 100)}`;
  } catch {
    return 'no JSON';
  }
}
