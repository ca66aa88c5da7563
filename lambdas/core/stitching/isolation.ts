import type { Event } from '../events/event.ts';
import { EventFault, orFault } from '../events/event-fault.ts';
import type { OwnerName } from '../profile/owner-name.ts';
import type { StitchRules } from './batch/rules.ts';
import type { Sighting } from './batch/sighting.ts';
import { sight } from './batch/sighting.ts';
import { joinSnapshots, type Snapshot } from './batch/snapshot.ts';
import { asStated, namedThen, namesToRead } from './placement/names-then.ts';
import type { StitchPlan } from './plan.ts';

/** An event that cannot be applied, and what was thrown. */
export interface Faulty {
  readonly event: Event;
  readonly cause: unknown;
}

/** Sightings of events, and the events that cannot be read. */
interface Sighted {
  readonly sightings: readonly Sighting[];
  readonly faulty: readonly Faulty[];
}

/** Reads sightings of events. If that throws, it tries each half separately until only the faulty events remain. */
export function sightEach(events: readonly Event[], config: StitchRules): Sighted {
  try {
    return { sightings: sight(events, config), faulty: [] };
  } catch (cause) {
    if (events.length === 1) return { sightings: [], faulty: events.map((event) => ({ event, cause })) };
    const { firstHalf, secondHalf } = halves(events);
    const first = sightEach(firstHalf, config);
    const second = sightEach(secondHalf, config);
    return { sightings: joined(first.sightings, second.sightings), faulty: joined(first.faulty, second.faulty) };
  }
}

/**
 * A plan, and the events that cannot be planned. Two halves may write to one profile: the second write is contended,
 * and planned again.
 */
export type IsolatedPlan = StitchPlan & { readonly faulty: readonly Faulty[] };

/**
 * Reads profiles and plans sightings. If that throws an event's fault, it tries each half separately, as `sightEach`
 * does.
 */
export async function planEach(
  sightings: readonly Sighting[],
  load: Load,
  plan: (sightings: readonly Sighting[], snapshot: Snapshot) => StitchPlan,
): Promise<IsolatedPlan> {
  try {
    const { named, snapshot } = await readFor(sightings, load);
    return { ...orFault(() => plan(named, snapshot)), faulty: [] };
  } catch (error) {
    if (!(error instanceof EventFault)) throw error;
    if (sightings.length === 1)
      return { ...nothing, faulty: sightings.map(({ event }) => ({ event, cause: error.cause })) };
    const { firstHalf, secondHalf } = halves(sightings);
    return joinedPlans(await planEach(firstHalf, load, plan), await planEach(secondHalf, load, plan));
  }
}

type Load = (names: readonly OwnerName[]) => Promise<Snapshot>;

/** Reads what sightings name; where an identifier had another name then, that too. */
async function readFor(sightings: readonly Sighting[], load: Load) {
  const stated = asStated(sightings);
  const now = namesToRead(stated);
  const snapshot = await load(now);
  const named = namedThen(stated, snapshot.barriers);
  if (named === stated) return { named, snapshot };
  const known = new Set(now);
  const others = namesToRead(named).filter((name) => !known.has(name));
  return { named, snapshot: others.length === 0 ? snapshot : joinSnapshots(snapshot, await load(others)) };
}

const nothing: IsolatedPlan = {
  writes: [],
  releases: [],
  deferred: [],
  repeated: [],
  capped: [],
  suppressed: [],
  faulty: [],
};

const joinedPlans = (a: IsolatedPlan, b: IsolatedPlan): IsolatedPlan => ({
  writes: joined(a.writes, b.writes),
  releases: joined(a.releases, b.releases),
  deferred: joined(a.deferred, b.deferred),
  repeated: joined(a.repeated, b.repeated),
  capped: joined(a.capped, b.capped),
  suppressed: joined(a.suppressed, b.suppressed),
  faulty: joined(a.faulty, b.faulty),
});

const joined = <T>(a: readonly T[] = [], b: readonly T[] = []): T[] => [...a, ...b];

function halves<T>(items: readonly T[]): { readonly firstHalf: readonly T[]; readonly secondHalf: readonly T[] } {
  const middle = Math.ceil(items.length / 2);
  return { firstHalf: items.slice(0, middle), secondHalf: items.slice(middle) };
}
