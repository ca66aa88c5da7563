import { type CdpConfigInput, type IdentityRules, parseConfig } from '../core/config.ts';
import { correctionIn } from '../core/correction.ts';
import type { Event } from '../core/event.ts';
import type { Identifier } from '../core/identifier.ts';
import { planEach, sightEach } from '../core/isolation.ts';
import { isWanted } from '../core/replay-candidate.ts';
import type { ReplayRequest } from '../core/replay-request.ts';
import { type ProfileWrite, planStitch, type WriteOutcome } from '../core/stitch.ts';
import type { NewProfileId, Sighting, Snapshot } from '../core/working-set.ts';
import { type Counts, type Progress, type Way, walkLake } from './lake-walk.ts';
import { maxAttempts, type Pause } from './pause.ts';

/** The table that profiles are made in, and by what rules. */
export interface RebuildDeps {
  readonly config: CdpConfigInput;
  readonly load: (identifiers: readonly Identifier[]) => Promise<Snapshot>;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly newProfileId: NewProfileId;
  readonly pause: Pause;
}

/** The table did not take writes, however often they were tried. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/** Writes under way at once. */
const concurrentWrites = 32;

/**
 * Makes profiles of the raw zone's events, as stitching does: read, plan, write, object by object and each in order of receipt. What
 * cannot be applied is counted (`nobody`, `capped`, `refused`, `faulty`, `unreadable`) and left. Marks make it safe to take it up again. @throws NotWritten, Stopped
 */
export function rebuild(
  range: Pick<ReplayRequest, 'from' | 'to'>,
  walk: Way,
  begun: Progress,
  { config: input, ...deps }: RebuildDeps,
): Promise<Progress> {
  const config = parseConfig(input);
  const request: ReplayRequest = { ...range, where: [], whence: 'raw' };
  const apply = applier({ ...deps, plan: (open, snapshot) => planStitch(open, snapshot, config, deps.newProfileId) });
  return walkLake({ ...walk, whence: 'raw', atOnce: 2_000 }, begun, async (events) => {
    const wanted = events.map(({ event }) => event).filter((event) => isWanted(event, request) && !corrects(event, config.identity));
    const { sightings, faulty } = sightEach(wanted, config);
    const named = sightings.filter(({ identifiers }) => identifiers.length > 0);
    const unapplied = added(await apply(named), { ...none, faulty: faulty.length });
    return { read: wanted.length, others: events.length - wanted.length, nobody: sightings.length - named.length, ...unapplied };
  });
}

/** A correction is about a profile of the live table as it was then; which people are one is true of any. */
const corrects = (event: Event, rules: IdentityRules): boolean => correctionIn(event, rules)?.facts !== undefined;

interface Applier extends Pick<RebuildDeps, 'load' | 'write' | 'pause'> {
  readonly plan: (open: readonly Sighting[], snapshot: Snapshot) => ReturnType<typeof planStitch>;
}
type Unapplied = Readonly<Record<'capped' | 'refused' | 'faulty', number>>;
const none: Unapplied = { capped: 0, refused: 0, faulty: 0 };

type Apply = (sightings: readonly Sighting[]) => Promise<Unapplied>;

/** Gives a function that applies sightings and counts what it could not. */
function applier({ load, write, pause, plan }: Applier): Apply {
  const apply: Apply = async (sightings) => {
    let unapplied = none;
    let open = sightings;
    for (let attempt = 1; open.length > 0; ) {
      if (attempt > maxAttempts)
        throw new NotWritten(`the table pushed ${open.length} events back ${maxAttempts} times; does anybody else write to it?`);
      const { writes, deferred, capped, faulty } = await planEach(open, load, plan);
      unapplied = added(unapplied, { capped: capped.length, refused: 0, faulty: faulty.length });
      const results = await inTurns(writes, async (each) => ({ write: each, outcome: await write(each) }));
      const ending = (kind: WriteOutcome['kind']) => results.filter(({ outcome }) => outcome.kind === kind).map((each) => each.write);
      for (const refused of ending('refused')) unapplied = added(unapplied, await applyOneByOne(refused, apply));
      const contended = ending('contended').flatMap((each) => each.sightings);
      if (contended.length > 0) await pause(attempt++);
      open = [...contended, ...deferred];
    }
    return unapplied;
  };
  return apply;
}

/** Of a write that the table will never take, so that only the event at fault is left. */
async function applyOneByOne({ sightings }: ProfileWrite, apply: Apply): Promise<Unapplied> {
  if (sightings.length === 1) return { ...none, refused: 1 };
  let unapplied = none;
  for (const sighting of sightings) unapplied = added(unapplied, await apply([sighting]));
  return unapplied;
}

const added = (a: Unapplied, b: Unapplied): Unapplied => ({
  capped: a.capped + b.capped,
  refused: a.refused + b.refused,
  faulty: a.faulty + b.faulty,
});

async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += concurrentWrites) results.push(...(await Promise.all(items.slice(at, at + concurrentWrites).map(act))));
  return results;
}

/** What of a rebuild's counts an operator should hear of, in words. */
export function describeRebuild({ objects, counts: { read = 0, ...left } }: Progress): string {
  const reasons: Counts = {
    'that name nobody': left.nobody ?? 0,
    'over a cap': left.capped ?? 0,
    'refused by the table': left.refused ?? 0,
    'that could not be applied': left.faulty ?? 0,
  };
  const told = Object.entries({ ...reasons, 'lines that are no event': left.unreadable ?? 0, 'of another time': left.others ?? 0 });
  const some = told.filter(([, count]) => count > 0).map(([reason, count]) => `${count} ${reason}`);
  return `${read} events of ${objects} objects${some.length > 0 ? `; not applied ${some.join(', ')}` : ''}`;
}
