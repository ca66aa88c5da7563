import { type Candidate, readCandidate } from '../core/replay/candidate.ts';
import type { Whence } from '../core/replay/line.ts';
import { ascending } from '../core/values/order.ts';

export type Counts = Readonly<Record<string, number>>;

/** How far a walk through the lake has come. */
export interface Progress {
  /** The object it is in, and how many of its lines, in order of receipt, are dealt with. */
  readonly key: string;
  readonly line: number;
  /** Objects that are dealt with whole. */
  readonly objects: number;
  readonly counts: Counts;
  readonly done: boolean;
  /** The table that is filled, where one is. */
  readonly table?: string | undefined;
}

export const noProgress: Progress = { key: '', line: 0, objects: 0, counts: {}, done: false };

/** What a walk works with. */
interface Walk {
  /** In order. Objects never change, so a walk that is taken up again finds the same lines. */
  readonly keys: readonly string[];
  readonly whence: Whence;
  readonly read: (key: string) => Promise<readonly string[]>;
  /** Called when lines have been dealt with; once it returns, they need never be looked at again. */
  readonly save: (progress: Progress) => Promise<void>;
  readonly isStopped: () => boolean;
  /** Events that are dealt with before progress is saved. */
  readonly atOnce: number;
}

/** A walk, but for what the command that takes it decides. */
export type Way = Omit<Walk, 'whence' | 'atOnce'>;

/** Somebody asked a walk to end; what was dealt with is saved. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Gives every event of the objects to `take`, object by object, each in order of receipt, from where `begun` ended. @throws Stopped */
export async function walkLake(
  walk: Walk,
  begun: Progress,
  take: (events: readonly Candidate[]) => Promise<Counts>,
): Promise<Progress> {
  let progress = begun;
  for (const key of walk.keys.filter((each) => each >= begun.key)) {
    const lines = await walk.read(key);
    const events = lines.flatMap((line) => readCandidate(line, walk.whence) ?? []).sort(byReceipt);
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

/** The least key that is greater. */
const after = (key: string): string => `${key}\u0000`;

const byReceipt = (a: Candidate, b: Candidate): number => ascending(a.event.receivedAt, b.event.receivedAt);

const sum = (a: Counts, b: Counts): Counts =>
  Object.fromEntries([...Object.keys(a), ...Object.keys(b)].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
