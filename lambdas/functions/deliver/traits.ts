import { type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { formerIds } from '../../core/destinations/told-names.ts';
import type { TraitMemory } from '../../core/destinations/told-traits.ts';
import {
  isSameTruth,
  type TraitManner,
  type TraitSubject,
  type TraitTelling,
  traitCalls,
  traitTelling,
  traitTruth,
} from '../../core/destinations/trait-tellings.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { DatedDefinitions } from '../../core/segments/history/standing.ts';
import { callAll, itemOf, late } from './calls.ts';
import type { ChangeDeps } from './changes.ts';
import { byPerson, type TraitNews } from './trait-news.ts';

/** Where the computed traits of a destination come from, and what it was told of them. */
export interface TraitPlaces {
  /** Keys of the traits that the destination is told. */
  readonly keys: ReadonlySet<string>;
  readonly memory: TraitMemory;
  /** The definitions of traits, with the registry as it is at this moment. */
  readonly definitions: () => Promise<DatedDefinitions>;
}

/** What computed traits are delivered with. */
export interface TraitDeps extends Omit<ChangeDeps, 'memory'> {
  readonly traits: TraitPlaces;
}

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
  for (let round = 0; round < maxRounds && settled.size < shared.size; round++) {
    const open = [...shared.keys()].filter((news) => !settled.has(news));
    const visits = (await Promise.all(open.map((news) => begin({ news, round, definitions }, deps, settled)))).flat();
    await tell(visits, deadline, deps, settled);
    await Promise.all(visits.map((visit) => finish(visit, deps, settled)));
  }
  const outcomes = [...shared].map(([news, those]) =>
    those.map((one) => [one, settled.get(news) ?? unsettled] as const),
  );
  return new Map(outcomes.flat());
}

const unsettled: Outcome = { kind: 'retry', reason: 'Unsettled', requests: 0 };

type Settled = Map<TraitNews, Outcome>;

/** One round of telling about one trait of somebody. */
interface Visit {
  readonly news: TraitNews;
  readonly subject: TraitSubject;
  readonly telling: TraitTelling;
  readonly manner: TraitManner;
  /** How many other values were told before. */
  readonly count: number;
  /** What the destination refuses for good under a name, which must not keep the truth from the others. */
  refusal?: Outcome | undefined;
}

interface Course {
  readonly news: TraitNews;
  readonly round: number;
  readonly definitions: DatedDefinitions;
}

/** Reads what is true and what was told, and records what will be. Whatever fails costs this trait alone. */
async function begin({ news, round, definitions }: Course, deps: TraitDeps, settled: Settled): Promise<Visit[]> {
  const { trait, occasions } = news;
  const look = async (): Promise<Visit | Outcome> => {
    const profile = await deps.find(news.profileId);
    if (profile === undefined) return filtered('gone');
    const manner = {
      rules: deps.identity,
      consent: deps.consent,
      personal: deps.personal,
      definitions,
      now: deps.now(),
    };
    const truth = traitTruth(profile, trait, manner);
    if (truth === undefined) return filtered('no history');
    const told = await deps.traits.memory.recall(formerIds(profile), trait);
    const subject = { profile, trait, truth, told };
    const telling = traitTelling(subject);
    if (telling.lost.length > 0) await deps.traits.memory.forget(profile.profileId, trait, telling.lost);
    const last = told.get(profile.profileId)?.last;
    const isSame =
      round === 0 && last !== undefined && last.value === telling.value && occasions.includes(last.occasion);
    const count = (last?.news ?? 0) + (isSame ? 0 : 1);
    if (telling.names.length > 0 && !(isSame && covers(subject, telling))) {
      await deps.traits.memory.distrust(absorbedIn(subject), trait);
      const occasion = occasions[0] ?? '';
      await deps.traits.memory.begin(profile.profileId, trait, {
        names: new Set(telling.names),
        value: telling.value,
        occasion,
        news: count,
      });
    }
    return { news, subject, telling, manner, count };
  };
  const found = await look().catch((error: unknown) => outcomeOf(error));
  if (!('kind' in found)) return [found];
  settled.set(news, found);
  return [];
}

const filtered = (reason: string): Outcome => ({ kind: 'filtered', reason, requests: 0 });

/** Whether an earlier try of the message has recorded everything that is to be told. */
function covers({ profile, told }: TraitSubject, { names }: TraitTelling): boolean {
  const own = told.get(profile.profileId);
  return own?.last !== undefined && own.pending.has(own.last.occasion) && names.every((name) => own.names.has(name));
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

/** Confirms what was told, and looks whether it is still true; else another round tells it. */
async function finish({ news, subject, telling, manner, refusal }: Visit, deps: TraitDeps, settled: Settled) {
  if (settled.has(news)) return;
  const { profile, trait, truth, told } = subject;
  const look = async (): Promise<Outcome | undefined> => {
    if (telling.names.length > 0) {
      if (refusal === undefined) await deps.traits.memory.confirm(profile.profileId, trait, telling.value);
      const latest: Profile | undefined = await deps.find(news.profileId);
      const next = latest && traitTruth(latest, trait, { ...manner, now: deps.now() });
      if (latest !== undefined && !isSameTruth(truth, next)) return undefined;
    }
    const isOpen = telling.names.length > 0 ? [profile.profileId] : [];
    const holders = [...told].flatMap(([id, { pending }]) =>
      news.occasions.some((one) => pending.has(one)) ? [id] : [],
    );
    await deps.traits.memory.end([...new Set([...isOpen, ...holders])], trait, news.occasions);
    if (refusal !== undefined) return refusal;
    return telling.names.length > 0 ? { kind: 'delivered', requests: 0 } : filtered('nothing new');
  };
  const outcome = await look().catch((error: unknown) => outcomeOf(error));
  if (outcome !== undefined) settled.set(news, outcome);
}
