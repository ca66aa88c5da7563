import type { OwnerName } from '../profile/owner-name.ts';
import type { Sighting } from './batch/sighting.ts';
import type { Snapshot } from './batch/snapshot.ts';
import { type IsolatedPlan, planEach } from './isolation.ts';
import type { StitchPlan } from './plan.ts';
import type { ProfileWrite, WriteOutcome } from './profile-write.ts';
import type { ReleaseWrite } from './release.ts';

/** A write, and what the table made of it. */
export interface Written {
  readonly write: Pick<ProfileWrite, 'sightings' | 'unkept'>;
  readonly outcome: WriteOutcome;
}

type Refused = Extract<WriteOutcome, { kind: 'refused' }>;

/** The table, how sightings are planned, and who hears what became of them. */
interface Applying {
  readonly load: (names: readonly OwnerName[]) => Promise<Snapshot>;
  readonly plan: (sightings: readonly Sighting[], snapshot: Snapshot, attempt: number) => StitchPlan;
  /** Makes writes, some of them at once; outcomes in the order of the writes. */
  readonly writeAll: (writes: readonly ProfileWrite[]) => Promise<readonly WriteOutcome[]>;
  /** Makes releases, as `writeAll` does writes. */
  readonly releaseAll: (releases: readonly ReleaseWrite[]) => Promise<readonly WriteOutcome[]>;
  /** Waits before the attempt that follows attempt number `attempt`. */
  readonly pause: (attempt: number) => Promise<unknown>;
  /** Times that contended sightings are read and planned. */
  readonly attempts: number;
  readonly planned: (plan: IsolatedPlan) => Promise<void>;
  readonly written: (results: readonly Written[]) => void;
  /** Hears of the one sighting of a write that the table will never take. */
  readonly refused: (sighting: Sighting, outcome: Refused) => Promise<void>;
  /** Hears of sightings that were still contended after the last attempt. */
  readonly exhausted: (sightings: readonly Sighting[]) => void;
}

/** Applies sightings to profiles: read, plan, write, and again for what was contended or deferred. */
export async function applySightings(sightings: readonly Sighting[], applying: Applying): Promise<void> {
  const { load, plan, writeAll, releaseAll, pause, attempts } = applying;
  let open = sightings;
  for (let attempt = 1; open.length > 0; ) {
    if (attempt > attempts) return applying.exhausted(open);
    const planned = await planEach(open, load, (some, snapshot) => plan(some, snapshot, attempt));
    await applying.planned(planned);
    const outcomes = [...(await writeAll(planned.writes)), ...(await releaseAll(planned.releases))];
    const writes = [...planned.writes, ...planned.releases];
    const results = writes.map((write, at) => ({ write, outcome: outcomes[at] as WriteOutcome }));
    applying.written(results);
    for (const { write, outcome } of results)
      if (outcome.kind === 'refused') await settleRefused(write, outcome, applying);
    const contended = results.filter(({ outcome }) => outcome.kind === 'contended');
    if (contended.length > 0) await pause(attempt++);
    open = [...contended.flatMap(({ write }) => write.sightings), ...planned.deferred];
  }
}

/**
 * A write that the table will never take: its sightings are tried one by one, so that only the one at fault is left.
 */
async function settleRefused({ sightings }: Written['write'], outcome: Refused, applying: Applying): Promise<void> {
  const [first, ...others] = sightings;
  if (first !== undefined && others.length === 0) await applying.refused(first, outcome);
  else for (const sighting of sightings) await applySightings([sighting], applying);
}
