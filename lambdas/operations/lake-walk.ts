import { type Candidate, readCandidate } from '../core/replay/candidate.ts';
import type { ReplayZone } from '../core/replay/line.ts';
import { ascending } from '../core/values/order.ts';

export type Counts = Readonly<Record<string, number>>;

/** Progress of a walk through the lake. */
export interface Progress {
  /** The current object, and how many of its lines are processed, in order of receipt. */
  readonly key: string;
  readonly line: number;
  /** Objects that are completely processed. */
  readonly objects: number;
  readonly counts: Counts;
  readonly done: boolean;
  /** The table that a rebuild fills. */
  readonly table?: string | undefined;
}

export const noProgress: Progress = { key: '', line: 0, objects: 0, counts: {}, done: false };

/** Input of a walk. */
interface LakeWalk {
  /** Keys in order. Objects never change, so a continued walk finds the same lines. */
  readonly keys: readonly string[];
  readonly zone: ReplayZone;
  readonly read: (key: string) => Promise<readonly string[]>;
  /** Called after lines were processed; once it returns, a continued walk skips them. */
  readonly save: (progress: Progress) => Promise<void>;
  readonly isStopped: () => boolean;
  /** Events to process between two saves. */
  readonly atOnce: number;
}

/** The part of a walk that its command chooses. */
export type WalkOptions = Omit<LakeWalk, 'zone' | 'atOnce'>;

/** The user stopped a walk; its progress is saved. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Passes every event of the objects to `take`, object by object in order of receipt, starting after `begun`.
 * @throws Stopped when the user stops it
 */
export async function walkLake(
  walk: LakeWalk,
  begun: Progress,
  take: (events: readonly Candidate[]) => Promise<Counts>,
): Promise<Progress> {
  let progress = begun;
  for (const key of walk.keys.filter((each) => each >= begun.key)) {
    const lines = await walk.read(key);
    const events = lines.flatMap((line) => readCandidate(line, walk.zone) ?? []).sort(byReceipt);
    const start = key === begun.key ? begun.line : 0;
    if (start === 0)
      progress = { ...progress, counts: sum(progress.counts, { unreadable: lines.length - events.length }) };
    for (let line = start; line < events.length; ) {
      if (walk.isStopped()) throw new Stopped();
      const some = events.slice(line, line + walk.atOnce);
      const counts = sum(progress.counts, await take(some));
      line += some.length;
      progress = { ...progress, key, line, counts };
      await walk.save(progress);
    }
    progress = { ...progress, key: after(key), line: 0, objects: progress.objects + 1 };
    await walk.save(progress);
  }
  progress = { ...progress, done: true };
  await walk.save(progress);
  return progress;
}

/** The next greater key. */
const after = (key: string): string => `${key}\u0000`;

const byReceipt = (a: Candidate, b: Candidate): number => ascending(a.event.receivedAt, b.event.receivedAt);

const sum = (a: Counts, b: Counts): Counts =>
  Object.fromEntries([...Object.keys(a), ...Object.keys(b)].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
