import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import type { CountSuppressed } from '../../adapters/metrics/suppressed-metrics.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import type { NewProfileId } from '../../core/profile/new-profile-id.ts';
import type { OwnerName } from '../../core/profile/owner-name.ts';
import type { AggregateRegistry } from '../../core/segments/history/registry.ts';
import { withAccounts } from '../../core/stitching/accounts.ts';
import { applySightings, type Written } from '../../core/stitching/apply-sightings.ts';
import type { StitchRules } from '../../core/stitching/batch/rules.ts';
import type { Sighting } from '../../core/stitching/batch/sighting.ts';
import type { Snapshot } from '../../core/stitching/batch/snapshot.ts';
import { sightEach } from '../../core/stitching/isolation.ts';
import { planStitch } from '../../core/stitching/plan.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/profile-write.ts';
import type { ReleaseWrite } from '../../core/stitching/release.ts';
import { ascending } from '../../core/values/order.ts';
import { type AsideDeps, type BatchAside, batchAside } from './aside.ts';
import { readRecords } from './records.ts';

/** Everything that stitch works with. */
export interface StitchDeps extends AsideDeps {
  readonly config: CdpConfig;
  /** Since when aggregates count; undefined if all do since the first event. */
  readonly registry: () => Promise<AggregateRegistry | undefined>;
  readonly load: (names: readonly OwnerName[]) => Promise<Snapshot>;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly release: (release: ReleaseWrite) => Promise<WriteOutcome>;
  readonly newProfileId: NewProfileId;
  /** Hears of events that barriers stopped. */
  readonly countSuppressed: CountSuppressed;
  /** Waits before the attempt that follows attempt number `attempt`. */
  readonly pause: (attempt: number) => Promise<unknown>;
  /** Logs what an operator must look at, without the person it is about. */
  readonly warn: (message: string, details: Record<string, number>) => void;
}

/** How often contended events are read and planned again before the stream delivers them again. */
const maxAttempts = 8;
/** Writes at the same time; each is one round trip to the table. */
const concurrentWrites = 16;

/**
 * Applies a batch of records to profiles: it reads, plans and writes, and repeats this for contended events. A write
 * carries the marks of its events, so a record that the stream delivers again changes nothing. An event that can never
 * be applied, or that throws, goes to quarantine by itself. For events that are still contended, the stream goes back
 * to the first record that holds one.
 */
export const createHandler =
  (deps: StitchDeps) =>
  async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const { events, unreadable, originOf } = readRecords(Records);
    const aside = batchAside(deps);
    const { sightings, faulty } = sightEach(events, deps.config);
    const named = sightings.filter(({ identifiers }) => identifiers.length > 0);
    const nameless = sightings.filter(({ identifiers }) => identifiers.length === 0);
    await aside.unreadable(unreadable);
    await aside.faulty(faulty);
    await aside.sightings(nameless, 'names nobody: every identifier is missing or blocked');
    const rules = { ...deps.config, registry: await deps.registry() };
    const unapplied = await stitch(named, { ...deps, rules }, aside);
    if (unapplied.length > 0) {
      deps.count({ contended: unapplied.length });
      deps.warn('contended beyond the last attempt', { events: unapplied.length, attempts: maxAttempts });
    }
    const [first] = unapplied.flatMap(({ event }) => originOf.get(event)?.sequenceNumber ?? []).sort(inStreamOrder);
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
  };

/** Applies sightings, and returns those that are still contended after the last attempt. */
async function stitch(
  sightings: readonly Sighting[],
  deps: StitchDeps & { readonly rules: StitchRules },
  aside: BatchAside,
): Promise<readonly Sighting[]> {
  const unapplied: Sighting[] = [];
  await applySightings(sightings, {
    load: withAccounts(deps.load, deps.rules),
    plan: (some, snapshot) => planStitch(some, snapshot, deps.rules, deps.newProfileId),
    writeAll: (writes) => pMap(writes, (write) => deps.write(write), { concurrency: concurrentWrites }),
    releaseAll: (releases) => pMap(releases, (one) => deps.release(one), { concurrency: concurrentWrites }),
    pause: deps.pause,
    attempts: maxAttempts,
    planned: async ({ capped, faulty, suppressed }) => {
      deps.countSuppressed(sourcesOf(suppressed));
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

/** The sources of events, each event once: a group call has two sightings. */
const sourcesOf = (sightings: readonly Sighting[]): string[] =>
  [...new Set(sightings.map(({ event }) => event))].map(({ sourceId }) => sourceId);

/** Counts values of written profiles that found no room there. The lake has them. */
function countUnkept(results: readonly Written[], { count }: StitchDeps): void {
  const unkept = results.reduce((sum, { write, outcome }) => sum + (outcome.kind === 'written' ? write.unkept : 0), 0);
  if (unkept > 0) count({ unkept });
}

/** Orders sequence numbers: decimal numbers without leading zeros, too long for a JavaScript number. */
const inStreamOrder = (a: string, b: string): number => a.length - b.length || ascending(a, b);
