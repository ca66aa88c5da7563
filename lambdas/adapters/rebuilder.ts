import { type CdpConfigInput, parseConfig } from '../core/config.ts';
import type { Identifier } from '../core/identifier.ts';
import { isWanted } from '../core/replay-candidate.ts';
import type { ReplayRequest } from '../core/replay-request.ts';
import { type ProfileWrite, planStitch, sight, type WriteOutcome } from '../core/stitch.ts';
import type { NewProfileId, Sighting, Snapshot } from '../core/working-set.ts';
import { type Counts, type Progress, type Walk, walkLake } from './lake-walk.ts';
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
 * cannot be applied is counted (`nobody`, `capped`, `refused`, `unreadable`) and left. Marks make it safe to take it up again. @throws NotWritten, Stopped
 */
export function rebuild(
  range: Pick<ReplayRequest, 'from' | 'to'>,
  walk: Omit<Walk, 'whence'>,
  begun: Progress,
  { config: input, ...deps }: RebuildDeps,
): Promise<Progress> {
  const config = parseConfig(input);
  const request: ReplayRequest = { ...range, where: [], whence: 'raw' };
  const apply = applier({ ...deps, plan: (open, snapshot) => planStitch(open, snapshot, config, deps.newProfileId) });
  return walkLake({ ...walk, whence: 'raw' }, begun, async (events) => {
    const wanted = events.filter(({ event }) => isWanted(event, request)).map(({ event }) => event);
    const sightings = sight(wanted, config);
    const named = sightings.filter(({ identifiers }) => identifiers.length > 0);
    const { capped, refused } = await apply(named);
    return { read: wanted.length, others: events.length - wanted.length, nobody: sightings.length - named.length, capped, refused };
  });
}

interface Applier extends Pick<RebuildDeps, 'load' | 'write' | 'pause'> {
  readonly plan: (open: readonly Sighting[], snapshot: Snapshot) => ReturnType<typeof planStitch>;
}
type Unapplied = Readonly<Record<'capped' | 'refused', number>>;

/** Gives a function that applies sightings and counts what it could not. */
function applier({ load, write, pause, plan }: Applier) {
  return async function apply(sightings: readonly Sighting[]): Promise<Unapplied> {
    let unapplied: Unapplied = { capped: 0, refused: 0 };
    let open = sightings;
    for (let attempt = 1; open.length > 0; ) {
      if (attempt > maxAttempts)
        throw new NotWritten(`the table pushed ${open.length} events back ${maxAttempts} times; does anybody else write to it?`);
      const { writes, deferred, capped } = plan(open, await load(open.flatMap(({ identifiers }) => identifiers)));
      unapplied = added(unapplied, { capped: capped.length, refused: 0 });
      const results = await inTurns(writes, async (each) => ({ write: each, outcome: await write(each) }));
      for (const refused of results.filter(({ outcome }) => outcome.kind === 'refused')) unapplied = added(unapplied, await settle(refused.write));
      const contended = results.filter(({ outcome }) => outcome.kind === 'contended').flatMap((each) => each.write.sightings);
      if (contended.length > 0) await pause(attempt++);
      open = [...contended, ...deferred];
    }
    return unapplied;

    /** One by one, so that only the event at fault is left. */
    async function settle({ sightings: theirs }: ProfileWrite): Promise<Unapplied> {
      let left: Unapplied = { capped: 0, refused: theirs.length === 1 ? 1 : 0 };
      if (theirs.length > 1) for (const sighting of theirs) left = added(left, await apply([sighting]));
      return left;
    }
  };
}

const added = (a: Unapplied, b: Unapplied): Unapplied => ({ capped: a.capped + b.capped, refused: a.refused + b.refused });

async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += concurrentWrites) results.push(...(await Promise.all(items.slice(at, at + concurrentWrites).map(act))));
  return results;
}

/** What of a rebuild's counts an operator should hear of, in words. */
export function describeRebuild({ objects, counts: { read = 0, ...left } }: Progress): string {
  const reasons: Counts = { 'that name nobody': left.nobody ?? 0, 'over a cap': left.capped ?? 0, 'refused by the table': left.refused ?? 0 };
  const told = Object.entries({ ...reasons, 'lines that are no event': left.unreadable ?? 0, 'of another time': left.others ?? 0 });
  const some = told.filter(([, count]) => count > 0).map(([reason, count]) => `${count} ${reason}`);
  return `${read} events of ${objects} objects${some.length > 0 ? `; not applied ${some.join(', ')}` : ''}`;
}
