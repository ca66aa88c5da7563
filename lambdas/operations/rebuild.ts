import pMap from 'p-map';
import { maxAttempts, type WaitBeforeAttempt } from '../adapters/streams/backoff.ts';
import { type CdpConfig, type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { Event } from '../core/events/event.ts';
import type { IdentityRules } from '../core/identifiers/rules.ts';
import { RebuildAccount } from '../core/operations/rebuild-account.ts';
import type { NewProfileId } from '../core/profile/new-profile-id.ts';
import type { OwnerName } from '../core/profile/owner-name.ts';
import { isWanted } from '../core/replay/candidate.ts';
import type { ReplayRequest } from '../core/replay/request.ts';
import { type AggregateRegistry, aggregatesOf, firstRegistry } from '../core/segments/history/registry.ts';
import { withAccounts } from '../core/stitching/accounts.ts';
import { applySightings } from '../core/stitching/apply-sightings.ts';
import { correctionIn } from '../core/stitching/batch/correction.ts';
import type { Sighting } from '../core/stitching/batch/sighting.ts';
import type { Snapshot } from '../core/stitching/batch/snapshot.ts';
import { sightEach } from '../core/stitching/isolation.ts';
import { planStitch } from '../core/stitching/plan.ts';
import type { ProfileWrite, WriteOutcome } from '../core/stitching/profile-write.ts';
import type { ReleaseWrite } from '../core/stitching/release.ts';
import { type Counts, type Progress, type WalkOptions, walkLake } from './lake-walk.ts';

/** The target table and rules of a rebuild. */
export interface RebuildDeps {
  readonly config: CdpConfigInput;
  readonly load: (names: readonly OwnerName[]) => Promise<Snapshot>;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly release: (release: ReleaseWrite) => Promise<WriteOutcome>;
  readonly newProfileId: NewProfileId;
  readonly pause: WaitBeforeAttempt;
}

/** The table did not accept writes after all attempts. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/**
 * Registers the aggregates of a table that a rebuild fills: they count since the first event. A registry that is there
 * stays.
 */
export const countEverything = async (
  { write }: { readonly write: (registry: AggregateRegistry, version: undefined) => Promise<WriteOutcome> },
  config: CdpConfigInput,
): Promise<WriteOutcome> => write(firstRegistry(aggregatesOf(parseConfig(config))), undefined);

/** Concurrent writes. */
const concurrentWrites = 32;

/**
 * Makes profiles from the raw zone's events as stitching does: object by object, in order of receipt. Events that
 * cannot be applied are counted (`nobody`, `capped`, `refused`, `faulty`, `unreadable`) and skipped, and so are those
 * that barriers stop (`suppressed`). Each event that was read is counted once, as one of these, `applied`, `repeated`
 * or `missing`. Marks make it safe to continue.
 * @throws NotWritten, Stopped
 */
export function rebuild(
  range: Pick<ReplayRequest, 'from' | 'to'>,
  walk: WalkOptions,
  begun: Progress,
  { config: input, ...deps }: RebuildDeps,
): Promise<Progress> {
  const config = parseConfig(input);
  const request: ReplayRequest = { ...range, where: [], zone: 'raw' };
  return walkLake({ ...walk, zone: 'raw', atOnce: 2_000 }, begun, async (events) => {
    const wanted = events
      .map(({ event }) => event)
      .filter((event) => isWanted(event, request) && !corrects(event, config.identity));
    const account = new RebuildAccount(wanted);
    const { sightings, faulty } = sightEach(wanted, config);
    account.settle('faulty', faulty);
    account.settle(
      'nobody',
      sightings.filter(({ identifiers }) => identifiers.length === 0),
    );
    const named = sightings.filter(({ identifiers }) => identifiers.length > 0);
    await apply(named, { ...deps, config, account });
    return { read: wanted.length, others: events.length - wanted.length, ...account.counts };
  });
}

/**
 * A correction describes a profile of the live table at its time, but its linked identifiers are valid for any table.
 */
const corrects = (event: Event, rules: IdentityRules): boolean => correctionIn(event, rules)?.target !== undefined;

interface Applier extends Omit<RebuildDeps, 'config'> {
  readonly config: CdpConfig;
  readonly account: RebuildAccount;
}

/** Applies sightings and counts their outcomes. */
const apply = (sightings: readonly Sighting[], { config, account, newProfileId, write, release, ...deps }: Applier) =>
  applySightings(sightings, {
    ...deps,
    load: withAccounts(deps.load, config),
    plan: (some, snapshot, attempt) => planStitch(some, snapshot, config, refusing(newProfileId, attempt)),
    writeAll: (writes) => pMap(writes, (each) => write(each), { concurrency: concurrentWrites }),
    releaseAll: (releases) => pMap(releases, (each) => release(each), { concurrency: concurrentWrites }),
    attempts: maxAttempts,
    planned: async ({ faulty, repeated, capped, suppressed }) => {
      account.settle('suppressed', suppressed);
      account.settle('faulty', faulty);
      account.settle('repeated', repeated);
      account.settle(
        'capped',
        capped.map(({ sighting }) => sighting),
      );
    },
    written: (results) =>
      account.settle(
        'applied',
        results.flatMap(({ write: { sightings: some }, outcome }) => (outcome.kind === 'written' ? some : [])),
      ),
    refused: async (sighting) => account.settle('refused', [sighting]),
    exhausted: (open) => {
      throw new NotWritten(
        `the table refused ${open.length} events ${maxAttempts} times; another process may be writing to it`,
      );
    },
  });

/** A write that stays contended may use an existing profile's id, so the profile gets another id. */
const refusing =
  (newProfileId: NewProfileId, attempt: number): NewProfileId =>
  (createdAt, collection, messageId, { identifiers, refused } = { identifiers: [], refused: 0 }) =>
    newProfileId(createdAt, collection, messageId, {
      identifiers,
      refused: refused + (attempt === maxAttempts ? 1 : 0),
    });

/**
 * Describes the outcome of every event that was read; begins with missing events, which are a fault of the platform.
 */
export function accountFor({ counts: { read = 0, applied = 0, repeated = 0, missing = 0 } }: Progress): string {
  const known = `of ${read} events ${applied} applied, ${repeated} repeated, ${read - applied - repeated - missing} not applied`;
  return missing === 0 ? known : `${missing} EVENTS ARE MISSING: ${known}; do not use this table, and report it`;
}

/** Describes a rebuild's counts for operators. */
export function describeRebuild({ objects, counts: { read = 0, ...left } }: Progress): string {
  const reasons: Counts = {
    'of people who are erased or suppressed': left.suppressed ?? 0,
    'that name nobody': left.nobody ?? 0,
    'over a cap': left.capped ?? 0,
    'refused by the table': left.refused ?? 0,
    'that could not be applied': left.faulty ?? 0,
  };
  const told = Object.entries({
    ...reasons,
    'lines that are no event': left.unreadable ?? 0,
    'of another time': left.others ?? 0,
  });
  const some = told.filter(([, count]) => count > 0).map(([reason, count]) => `${count} ${reason}`);
  return `${read} events of ${objects} objects${some.length > 0 ? `; not applied ${some.join(', ')}` : ''}`;
}
