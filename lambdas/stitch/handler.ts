import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import type { PutLines } from '../adapters/delivery-stream.ts';
import type { CountUnapplied } from '../adapters/stitch-metrics.ts';
import type { CdpConfig } from '../core/config.ts';
import type { Identifier } from '../core/identifier.ts';
import { type Quarantined, quarantineLine } from '../core/quarantine-line.ts';
import { packLines } from '../core/record.ts';
import { type Capped, capEntry, type ProfileWrite, planStitch, sight, type WriteOutcome } from '../core/stitch.ts';
import type { NewProfileId, Sighting, Snapshot } from '../core/working-set.ts';
import { readRecords } from './records.ts';

export interface StitchDeps {
  readonly config: CdpConfig;
  readonly load: (identifiers: readonly Identifier[]) => Promise<Snapshot>;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly quarantine: PutLines;
  /** Appends to the identity log what caps kept out; all else about identity is written with the profile it is about. */
  readonly append: PutLines;
  readonly newProfileId: NewProfileId;
  /** Waits before the attempt that follows attempt number `attempt`. */
  readonly pause: (attempt: number) => Promise<unknown>;
  readonly count: CountUnapplied;
  /** Says what an operator should hear of, without saying whom it is about. */
  readonly warn: (message: string, details: Record<string, number>) => void;
}

/** The quarantine did not take events that can never be applied; the stream brings their batch back. */
export class NotQuarantined extends Error {
  override readonly name = 'NotQuarantined';
}

/** The identity log did not take what a cap decided; the stream brings the batch back. */
export class NotLogged extends Error {
  override readonly name = 'NotLogged';
}

/** Times that contended events are read and planned again before the stream brings them back. */
const maxAttempts = 8;
/** Writes under way at once; each is one round trip to the table. */
const concurrentWrites = 16;

/**
 * Folds a batch of records into profiles: read, plan, write, and again for what was contended. Applied events carry their
 * mark in the same write, so a record that the stream brings back changes nothing. What can never be applied is quarantined
 * event by event; what is still contended sends the stream back to the first record that holds such an event.
 */
export const createHandler =
  (deps: StitchDeps) =>
  async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const { events, unreadable, sequenceNumberOf } = readRecords(Records);
    const [named, nameless] = partition(sight(events, deps.config), ({ identifiers }) => identifiers.length > 0);
    await setAside(unreadable, deps);
    await setAsideSightings(nameless, 'names nobody: every identifier is missing or blocked', deps);
    const unapplied = await stitch(named, deps);
    if (unapplied.length > 0) {
      deps.count({ contended: unapplied.length });
      deps.warn('contended beyond the last attempt', { events: unapplied.length, attempts: maxAttempts });
    }
    const [first] = unapplied.flatMap(({ event }) => sequenceNumberOf.get(event) ?? []).sort(inStreamOrder);
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
  };

/** Applies sightings; gives back those that were still contended after the last attempt. */
async function stitch(sightings: readonly Sighting[], deps: StitchDeps): Promise<readonly Sighting[]> {
  const unapplied: Sighting[] = [];
  let open = sightings;
  for (let attempt = 1; open.length > 0 && attempt <= maxAttempts; ) {
    const snapshot = await deps.load(open.flatMap(({ identifiers }) => identifiers));
    const { writes, deferred, capped } = planStitch(open, snapshot, deps.config, deps.newProfileId);
    await setAsideCapped(capped, deps);
    const results = await pMap(writes, async (write) => ({ write, outcome: await deps.write(write) }), { concurrency: concurrentWrites });
    for (const { write, outcome } of results) if (outcome.kind === 'refused') unapplied.push(...(await settleRefused(write, outcome.reason, deps)));
    const contended = results.filter(({ outcome }) => outcome.kind === 'contended').flatMap(({ write }) => write.sightings);
    if (contended.length > 0) await deps.pause(attempt++);
    open = [...contended, ...deferred];
  }
  return [...unapplied, ...open];
}

/** A write that the table will never take: its events are tried one by one, so that only the one at fault is quarantined. */
async function settleRefused({ sightings }: ProfileWrite, reason: string, deps: StitchDeps): Promise<readonly Sighting[]> {
  if (sightings.length === 1) {
    await setAsideSightings(sightings, `the profile table refuses it: ${reason}`, deps);
    return [];
  }
  const unapplied: Sighting[] = [];
  for (const sighting of sightings) unapplied.push(...(await stitch([sighting], deps)));
  return unapplied;
}

/** Puts events aside for good, with their reasons; once it returns they are safe. @throws NotQuarantined */
async function setAside(items: readonly Omit<Quarantined, 'stage'>[], { quarantine, count }: StitchDeps): Promise<void> {
  if (items.length === 0) return;
  const outcome = await quarantine(packLines(items.map((item) => quarantineLine({ stage: 'stitch', ...item }))));
  if (!outcome.ok) throw new NotQuarantined(outcome.error);
  count({ quarantined: items.length });
}

/** Into the log first, so that whatever a cap put in quarantine is in the log. */
async function setAsideCapped(capped: readonly Capped[], deps: StitchDeps): Promise<void> {
  if (capped.length === 0) return;
  const logged = await deps.append(packLines(capped.map((each) => ({ json: JSON.stringify(capEntry(each)) }))));
  if (!logged.ok) throw new NotLogged(logged.error);
  await setAside(
    capped.map(({ sighting, rule }) => aside(sighting, rule)),
    deps,
  );
  deps.count({ capped: capped.length });
}

const setAsideSightings = (sightings: readonly Sighting[], reason: string, deps: StitchDeps): Promise<void> =>
  setAside(
    sightings.map((sighting) => aside(sighting, reason)),
    deps,
  );

const aside = ({ event }: Sighting, reason: string) => ({ sourceId: event.sourceId, receivedAt: event.receivedAt, reason, item: event });

/** Sequence numbers are decimal numbers without leading zeros, too long for a number. */
const inStreamOrder = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

function partition<T>(values: readonly T[], belongs: (value: T) => boolean): [T[], T[]] {
  return [values.filter(belongs), values.filter((value) => !belongs(value))];
}
