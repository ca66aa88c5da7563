import { type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { type Telling, truthOf } from '../../core/destinations/tellings.ts';
import { permits } from '../../core/profile/consent.ts';
import { callAll, endOf, itemOf, late, unsettled } from './calls.ts';
import { type Change, type ChangeDeps, holdersOf, isVisit, type Settled, type Visit, visit } from './visit.ts';

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
  const entered = new Map<Change, readonly string[]>();
  let open = changes;
  for (let round = 0; open.length > 0 && round < maxRounds; round++) {
    const visits = (await Promise.all(open.map((change) => visit(change, deps, settled, entered.get(change))))).filter(
      isVisit,
    );
    await tellExits(visits, deadline, deps, settled);
    const staying = visits.filter(({ change }) => !settled.has(change));
    await tellEntries(staying, deadline, deps, settled);
    for (const { change, tellings } of staying)
      entered.set(change, [...(entered.get(change) ?? []), ...tellings.entries.flatMap(({ names }) => names)]);
    await Promise.all(staying.map((each) => settleIfTrue(each, deps, settled)));
    open = open.filter((change) => !settled.has(change));
  }
  for (const change of open) settled.set(change, unsettled);
  return settled;
}

async function tellExits(visits: readonly Visit[], deadline: number, deps: ChangeDeps, settled: Settled) {
  const ended = await tellAll(visits, ({ tellings }) => tellings.exits, deadline, deps);
  await Promise.all(
    visits.map(async (visit) => {
      const told = ended.get(visit) ?? [];
      const names = told
        .filter(({ outcome }) => isTaken(outcome))
        .flatMap(({ telling }) => telling.names)
        .filter((name) => !hasLeft(name, visit));
      await settling(visit, settled, async () => {
        if (names.length > 0) await deps.memory.forget(holdersOf(visit), visit.change.segment, names);
        const failures = told.map(({ outcome }) => outcome).filter((outcome) => !isTaken(outcome));
        visit.refusal = failures.find(({ kind }) => kind === 'refused');
        return failures.find(({ kind }) => kind !== 'refused');
      });
    }),
  );
}

/** Whether it was noted before that the destination was told so. */
const hasLeft = (name: string, { told }: Visit): boolean => told?.left?.has(name) === true && !told.names.has(name);

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
