import type { Destination } from '../../core/destinations/destination.ts';
import { filtered, type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { type Manner, type Telling, type Tellings, tellingsOf, truthOf } from '../../core/destinations/tellings.ts';
import type { DeliveryMemory, Told } from '../../core/destinations/told.ts';
import { formerIds } from '../../core/destinations/told-names.ts';
import type { IdentityRules } from '../../core/identifiers/rules.ts';
import { type Needs, permits } from '../../core/profile/consent.ts';
import type { Naming } from '../../core/profile/known-as.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import { callAll, endOf, itemOf, late, unsettled } from './calls.ts';

/** What changes of memberships are delivered with. */
export interface ChangeDeps extends Naming, Needs {
  readonly identity: IdentityRules;
  readonly find: (profileId: ProfileId) => Promise<Profile | undefined>;
  readonly memory: DeliveryMemory;
  readonly destination: Destination;
  readonly now: () => number;
}

/** A change that a message is about, the id of its event on the bus, and its time. */
export interface Change {
  readonly profileId: ProfileId;
  readonly segment: string;
  readonly occasion: string;
  /** When its message was queued, milliseconds since 1970. */
  readonly queued?: number | undefined;
  /** Whether an operator has it told again. */
  readonly again?: true | undefined;
}

/**
 * How often one message tells a destination about a person whose membership keeps changing. Then the queue takes the
 * message back.
 */
const maxRounds = 3;

/**
 * Tells the truth of now, and not of when a change was queued. Profiles are read again after the destination has
 * answered, because they may have changed meanwhile: whoever finishes last has told the truth. A change that is out of
 * date is told too. An earlier attempt may have failed after it told the destination something that is no longer true.
 */
export async function deliverChanges(
  changes: readonly Change[],
  deadline: number,
  deps: ChangeDeps,
): Promise<ReadonlyMap<Change, Outcome>> {
  const settled = new Map<Change, Outcome>();
  let open = changes;
  for (let round = 0; open.length > 0 && round < maxRounds; round++) {
    const visits = (await Promise.all(open.map((change) => visit(change, deps, settled)))).filter(isVisit);
    await tellExits(visits, deadline, deps, settled);
    const staying = visits.filter(({ change }) => !settled.has(change));
    await tellEntries(staying, deadline, deps, settled);
    await Promise.all(staying.map((each) => settleIfTrue(each, deps, settled)));
    open = open.filter((change) => !settled.has(change));
  }
  for (const change of open) settled.set(change, unsettled);
  return settled;
}

/** One round of telling about one change. */
interface Visit {
  readonly change: Change;
  readonly profile: Profile;
  readonly told: Told | undefined;
  readonly manner: Manner;
  readonly tellings: Tellings;
  /** An exit that the destination refuses for good, which must not keep the entry from it. */
  refusal?: Outcome | undefined;
}

type Settled = Map<Change, Outcome>;
const isVisit = (visit: Visit | undefined): visit is Visit => visit !== undefined;

/** Reads what is true and what was told. Whatever fails costs this change alone. */
async function visit(change: Change, deps: ChangeDeps, settled: Settled): Promise<Visit | undefined> {
  const { segment, occasion, again } = change;
  const read = async (): Promise<Visit | undefined> => {
    const profile = await deps.find(change.profileId);
    if (profile === undefined) {
      settled.set(change, filtered('gone'));
      return undefined;
    }
    const told = await deps.memory.recall(formerIds(profile), segment);
    const now = new Date(deps.now()).toISOString();
    const manner = { ...deps, rules: deps.identity, now, occasion, again };
    return { change, profile, told, manner, tellings: tellingsOf({ profile, segment, told }, manner) };
  };
  return read().catch((error: unknown) => {
    settled.set(change, outcomeOf(error));
    return undefined;
  });
}

/** Where names are recorded; at the profile itself if nothing is, so that it is known from now on. */
const holdersOf = ({ profile, told }: Visit): readonly ProfileId[] => {
  const holders = told?.holders ?? [];
  return holders.length > 0 ? holders : [profile.profileId];
};

async function tellExits(visits: readonly Visit[], deadline: number, deps: ChangeDeps, settled: Settled) {
  const ended = await tellAll(visits, ({ tellings }) => tellings.exits, deadline, deps);
  await Promise.all(
    visits.map(async (visit) => {
      const told = ended.get(visit) ?? [];
      const names = told.filter(({ outcome }) => isTaken(outcome)).flatMap(({ telling }) => telling.names);
      await settling(visit, settled, async () => {
        if (names.length > 0) await deps.memory.forget(holdersOf(visit), visit.change.segment, names);
        const failures = told.map(({ outcome }) => outcome).filter((outcome) => !isTaken(outcome));
        visit.refusal = failures.find(({ kind }) => kind === 'refused');
        return failures.find(({ kind }) => kind !== 'refused');
      });
    }),
  );
}

async function tellEntries(visits: readonly Visit[], deadline: number, deps: ChangeDeps, settled: Settled) {
  await Promise.all(visits.map((visit) => settling(visit, settled, () => rememberEntry(visit, deps))));
  const open = visits.filter(({ change }) => !settled.has(change));
  const ended = await tellAll(open, ({ tellings }) => tellings.entries, deadline, deps);
  for (const [{ change }, told] of ended)
    for (const { outcome } of told) if (!isTaken(outcome)) settled.set(change, outcome);
}

/** Records the entries unless they are recorded: a destination must not have a name that nobody knows of. */
async function rememberEntry({ profile, change, told, tellings }: Visit, { memory }: ChangeDeps): Promise<undefined> {
  const { entries, since, exits } = tellings;
  if (entries.length === 0) return;
  const names = entries.flatMap((entry) => entry.names);
  const isKnown = told?.since === since && names.every((name) => told?.names.has(name));
  if (isKnown && exits.length === 0) return;
  await memory.remember(profile.profileId, change.segment, { names: new Set(names), since });
}

interface Ended {
  readonly telling: Telling;
  readonly outcome: Outcome;
}

/** Tells everything at once, so that a destination can take it in batches. */
async function tellAll(
  visits: readonly Visit[],
  tellingsIn: (visit: Visit) => readonly Telling[],
  deadline: number,
  { destination, now }: ChangeDeps,
): Promise<ReadonlyMap<Visit, readonly Ended[]>> {
  const work = visits.map((visit) => ({
    visit,
    items: tellingsIn(visit).map((telling) => ({ telling, item: itemOf(telling, visit.change) })),
  }));
  const all = work.flatMap(({ items }) => items.map(({ item }) => item));
  const outcomes = await callAll(all, destination, { deadline, now });
  return new Map(
    work.map(({ visit, items }) => [
      visit,
      items.map(({ telling, item }) => ({ telling, outcome: outcomes.get(item) ?? late })),
    ]),
  );
}

const isTaken = ({ kind }: Outcome): boolean => kind === 'delivered' || kind === 'filtered';

/** Whatever fails costs this change alone. */
async function settling({ change }: Visit, settled: Settled, act: () => Promise<Outcome | undefined>): Promise<void> {
  const outcome = await act().catch((error: unknown) => outcomeOf(error));
  if (outcome !== undefined) settled.set(change, outcome);
}

async function settleIfTrue(visit: Visit, { find }: ChangeDeps, settled: Settled): Promise<void> {
  const { change, profile, manner, tellings } = visit;
  if (settled.has(change)) return;
  const isTold = tellings.exits.length + tellings.entries.length > 0;
  await settling(visit, settled, async () => {
    const latest = await find(change.profileId);
    const isTrue =
      latest === undefined || truthOf(latest, change.segment, manner) === truthOf(profile, change.segment, manner);
    return isTrue ? (visit.refusal ?? endOf(isTold || permits(profile, manner))) : undefined;
  });
}
