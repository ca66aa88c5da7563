import { filtered, type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { formerIds } from '../../core/destinations/told-names.ts';
import { type TraitSubject, traitCalls, traitTelling, traitTruth } from '../../core/destinations/trait-tellings.ts';
import { isOwnLast, tryId } from '../../core/destinations/trait-tries.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { DatedDefinitions } from '../../core/segments/history/standing.ts';
import { callAll, itemOf, late, unsettled } from './calls.ts';
import { byPerson, type TraitNews } from './trait-news.ts';
import { finish, type Settled, type TraitDeps, type Visit } from './trait-visit.ts';

/** How often one message tells a destination about a value that keeps changing. Then the queue takes it back. */
const maxRounds = 3;

/**
 * Tells the values of computed traits as they are now, and not as they were when a change was queued. Who tells a value
 * records it before and confirms it after, and looks again in the end: so whoever finishes last has told the truth, and
 * a value that a destination has is told to it once.
 */
export async function deliverTraits(
  all: readonly TraitNews[],
  deadline: number,
  deps: TraitDeps,
): Promise<ReadonlyMap<TraitNews, Outcome>> {
  if (all.length === 0) return new Map();
  const settled: Settled = new Map();
  const definitions = await deps.traits.definitions();
  const shared = await byPerson(all, deps);
  const attempt = tryId(deadline, deps.traits.newTry());
  for (let round = 0; round < maxRounds && settled.size < shared.size; round++) {
    const open = [...shared.keys()].filter((news) => !settled.has(news));
    const course = { attempt, round, definitions };
    // Whoever tells looks again in the end, so that the first round needs no second look before it begins.
    const known = (news: TraitNews): Profile | undefined => (round === 0 ? shared.get(news)?.profile : undefined);
    const visits = await Promise.all(open.map((news) => begin({ ...course, news, known: known(news) }, deps, settled)));
    await tell(visits.flat(), deadline, deps, settled);
    await Promise.all(visits.flat().map((visit) => finish(visit, deps, settled)));
  }
  const outcomes = [...shared].map(([news, { those }]) =>
    those.map((one) => [one, settled.get(news) ?? unsettled] as const),
  );
  return new Map(outcomes.flat());
}

interface Course {
  readonly news: TraitNews;
  /** The person as it was read already; undefined if it is to be read. */
  readonly known: Profile | undefined;
  readonly attempt: string;
  readonly round: number;
  readonly definitions: DatedDefinitions;
}

/** Reads what is true and what was told, and records what will be. Whatever fails costs this trait alone. */
async function begin(
  { news, known, attempt, round, definitions }: Course,
  deps: TraitDeps,
  settled: Settled,
): Promise<Visit[]> {
  const { trait, occasions } = news;
  const look = async (): Promise<Visit | Outcome> => {
    const profile = known ?? (await deps.find(news.profileId));
    if (profile === undefined) return filtered('gone');
    if (profile.suppressed) return filtered('suppressed');
    const { identity: rules, consent, purposes, personal, identifiers } = deps;
    const manner = { rules, consent, purposes, personal, identifiers, definitions, now: deps.now() };
    const truth = traitTruth(profile, trait, manner);
    if (truth === undefined) return filtered('no history');
    const told = await deps.traits.memory.recall(formerIds(profile), trait);
    const subject = { profile, trait, truth, told, again: news.again };
    const telling = traitTelling(subject);
    if (telling.lost.length > 0) await deps.traits.memory.forget(profile.profileId, trait, telling.lost);
    const own = told.get(profile.profileId);
    const isSame = round === 0 && own?.last?.value === telling.value && isOwnLast(own, occasions, deps.now());
    const count = (own?.last?.news ?? 0) + (isSame ? 0 : 1);
    if (telling.names.length > 0) {
      await deps.traits.memory.distrust(absorbedIn(subject), trait);
      await deps.traits.memory.begin(profile.profileId, trait, {
        names: new Set([...telling.names, ...telling.sure]),
        value: telling.value,
        occasion: occasions[0] ?? '',
        attempt,
        news: count,
      });
    }
    return { news, subject, telling, manner, attempt, count };
  };
  const found = await look().catch((error: unknown) => outcomeOf(error));
  if (!('kind' in found)) return [found];
  settled.set(news, found);
  return [];
}

/** Profiles that merged into this one, whose records nobody may rely on from now on. */
const absorbedIn = ({ profile, told }: TraitSubject): ProfileId[] =>
  [...told].flatMap(([id, { value }]) => (value !== undefined && profile.merged.has(id) ? [id] : []));

async function tell(visits: readonly Visit[], deadline: number, deps: TraitDeps, settled: Settled): Promise<void> {
  const work = visits.map((visit) => {
    const { subject, telling, manner, count } = visit;
    const about = { ...visit.news, segment: subject.trait };
    return { visit, items: traitCalls(subject, telling, manner, count).map((call) => itemOf({ call }, about)) };
  });
  const all = work.flatMap(({ items }) => items);
  const outcomes = await callAll(all, deps.destination, { deadline, now: deps.now });
  for (const { visit, items } of work) {
    const ended = items.map((item) => outcomes.get(item) ?? late);
    const failures = ended.filter(({ kind }) => kind !== 'delivered' && kind !== 'filtered');
    visit.refusal = failures.find(({ kind }) => kind === 'refused');
    const failure = failures.find(({ kind }) => kind !== 'refused');
    if (failure !== undefined) settled.set(visit.news, failure);
  }
}
