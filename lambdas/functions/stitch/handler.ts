import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import type { CdpConfig } from '../../core/config/config.ts';
import type { NewProfileId } from '../../core/profile/new-profile-id.ts';
import type { OwnerName } from '../../core/profile/owner-name.ts';
import { applySightings, type Written } from '../../core/stitching/apply-sightings.ts';
import { sightEach } from '../../core/stitching/isolation.ts';
import { type ProfileWrite, planStitch, type WriteOutcome } from '../../core/stitching/plan.ts';
import type { Sighting } from '../../core/stitching/sighting.ts';
import type { Snapshot } from '../../core/stitching/snapshot.ts';
import { ascending } from '../../core/values/order.ts';
import { type AsideDeps, type BatchAside, batchAside } from './aside.ts';
import { readRecords } from './records.ts';

export interface StitchDeps extends AsideDeps {
  readonly config: CdpConfig;
  readonly load: (names: readonly OwnerName[]) => Promise<Snapshot>;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly newProfileId: NewProfileId;
  /** Waits before the attempt that follows attempt number `attempt`. */
  readonly pause: (attempt: number) => Promise<unknown>;
  /** Says what an operator should hear of, without saying whom it is about. */
  readonly warn: (message: string, details: Record<string, number>) => void;
}

/** Times that contended events are read and planned again before the stream brings them back. */
const maxAttempts = 8;
/** Writes under way at once; each is one round trip to the table. */
const concurrentWrites = 16;

/**
 * Folds a batch of records into profiles: read, plan, write, and again for what was contended. Applied events carry their
 * mark in the same write, so a record that the stream brings back changes nothing. What can never be applied, and whatever
 * throws, is quarantined event by event; what is still contended sends the stream back to the first record that holds such an event.
 */
export const createHandler =
  (deps: StitchDeps) =>
  async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const { events, unreadable, sequenceNumberOf } = readRecords(Records);
    const aside = batchAside(deps);
    const { sightings, faulty } = sightEach(events, deps.config);
    const [named, nameless] = partition(sightings, ({ identifiers }) => identifiers.length > 0);
    await aside.unreadable(unreadable);
    await aside.faulty(faulty);
    await aside.sightings(nameless, 'names nobody: every identifier is missing or blocked');
    const unapplied = await stitch(named, deps, aside);
    if (unapplied.length > 0) {
      deps.count({ contended: unapplied.length });
      deps.warn('contended beyond the last attempt', { events: unapplied.length, attempts: maxAttempts });
    }
    const [first] = unapplied.flatMap(({ event }) => sequenceNumberOf.get(event) ?? []).sort(inStreamOrder);
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
  };

/** Applies sightings; gives back those that were still contended after the last attempt. */
async function stitch(
  sightings: readonly Sighting[],
  deps: StitchDeps,
  aside: BatchAside,
): Promise<readonly Sighting[]> {
  const unapplied: Sighting[] = [];
  await applySightings(sightings, {
    load: deps.load,
    plan: (some, snapshot) => planStitch(some, snapshot, deps.config, deps.newProfileId),
    writeAll: (writes) => pMap(writes, (write) => deps.write(write), { concurrency: concurrentWrites }),
    pause: deps.pause,
    attempts: maxAttempts,
    planned: async ({ capped, faulty }) => {
      await aside.capped(capped);
      await aside.faulty(faulty);
    },
    written: (results) => countUnkept(results, deps),
    refused: async (sighting, { reason, cause }) => {
      if (cause === undefined) await aside.sightings([sighting], `the profile table refuses it: ${reason}`);
      else await aside.faulty([{ event: sighting.event, cause }]);
    },
    exhausted: (open) => void unapplied.push(...open),
  });
  return unapplied;
}

/** Tells of values that profiles had no room for, once they are written; the lake has them. */
function countUnkept(results: readonly Written[], { count }: StitchDeps): void {
  const unkept = results.reduce((sum, { write, outcome }) => sum + (outcome.kind === 'written' ? write.unkept : 0), 0);
  if (unkept > 0) count({ unkept });
}

/** Sequence numbers are decimal numbers without leading zeros, too long for a number. */
const inStreamOrder = (a: string, b: string): number => a.length - b.length || ascending(a, b);

function partition<T>(values: readonly T[], belongs: (value: T) => boolean): [T[], T[]] {
  return [values.filter(belongs), values.filter((value) => !belongs(value))];
}
