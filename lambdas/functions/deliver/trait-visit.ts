import { filtered, type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { formerIds } from '../../core/destinations/told-names.ts';
import type { ToldTrait, TraitMemory } from '../../core/destinations/told-traits.ts';
import {
  isSameTruth,
  type TraitManner,
  type TraitSubject,
  type TraitTelling,
  traitTruth,
} from '../../core/destinations/trait-tellings.ts';
import { deadIn, isJoined } from '../../core/destinations/trait-tries.ts';
import { permits } from '../../core/profile/consent.ts';
import type { Profile } from '../../core/profile/profile.ts';
import type { DatedDefinitions } from '../../core/segments/history/standing.ts';
import { endOf, unsettled } from './calls.ts';
import type { TraitNews } from './trait-news.ts';
import type { ChangeDeps } from './visit.ts';

/** Where the computed traits of a destination come from, and what it was told of them. */
export interface TraitPlaces {
  /** Keys of the traits that the destination is told. */
  readonly keys: ReadonlySet<string>;
  readonly memory: TraitMemory;
  /** Makes a text that no other try has. */
  readonly newTry: () => string;
  /** The definitions of traits, with the registry as it is at this moment. */
  readonly definitions: () => Promise<DatedDefinitions>;
}

/** What computed traits are delivered with. */
export interface TraitDeps extends Omit<ChangeDeps, 'memory'> {
  readonly traits: TraitPlaces;
}

/** What became of news so far. */
export type Settled = Map<TraitNews, Outcome>;

/** One round of telling about one trait of somebody. */
export interface Visit {
  readonly news: TraitNews;
  readonly subject: TraitSubject;
  readonly telling: TraitTelling;
  readonly manner: TraitManner;
  readonly attempt: string;
  /** How many other values were told before. */
  readonly count: number;
  /** What the destination refuses for good under a name, which must not keep the truth from the others. */
  refusal?: Outcome | undefined;
}

/** Confirms what was told, and looks whether it is still true; else another round tells it. */
export async function finish(visit: Visit, deps: TraitDeps, settled: Settled): Promise<void> {
  const { news, telling } = visit;
  const isTold = telling.names.length > 0;
  const failure = settled.get(news);
  const look = async (): Promise<Outcome | undefined> => {
    if (isTold && !(await isStillTrue(visit, deps))) return undefined;
    return close(visit, deps);
  };
  const outcome = failure ?? (await look().catch((error: unknown) => outcomeOf(error)));
  if (outcome === undefined) return;
  settled.set(news, outcome);
  if (isTold && outcome !== visit.refusal && outcome.kind !== 'delivered') await leave(visit, deps);
}

/** Whether what was told is true yet, after it has arrived. */
async function isStillTrue({ news, subject, telling, manner, refusal }: Visit, deps: TraitDeps): Promise<boolean> {
  const { profile, trait, truth } = subject;
  if (refusal === undefined) await deps.traits.memory.confirm(profile.profileId, trait, telling.value);
  const latest: Profile | undefined = await deps.find(news.profileId);
  return latest === undefined || isSameTruth(truth, traitTruth(latest, trait, { ...manner, now: deps.now() }));
}

/** Ends what the messages began, unless another function is at work on the same, which may tell last. */
async function close(visit: Visit, deps: TraitDeps): Promise<Outcome> {
  const { news, subject, telling, attempt, manner, refusal } = visit;
  const { profile, trait, told } = subject;
  const dead = [...told.values()].flatMap((one) => deadIn(one, manner.now));
  const isTold = telling.names.length > 0;
  if (isTold) {
    const now: ReadonlyMap<string, ToldTrait> = await deps.traits.memory.recall(formerIds(profile), trait);
    if (isJoined(now.values(), attempt, dead)) return unsettled;
  }
  const ended = [...news.occasions, ...dead, attempt];
  const holders = [...told].flatMap(([id, { pending }]) => (ended.some((one) => pending.has(one)) ? [id] : []));
  await deps.traits.memory.end([...new Set([...(isTold ? [profile.profileId] : []), ...holders])], trait, ended);
  if (refusal !== undefined) return refusal;
  if (isTold) return { kind: 'delivered', requests: 0 };
  return permits(profile, manner) ? filtered('nothing new') : endOf(false);
}

/** Lets others know that this try is over. If that fails, they wait for its time to end. */
const leave = ({ subject, attempt }: Visit, deps: TraitDeps): Promise<void> =>
  deps.traits.memory.end([subject.profile.profileId], subject.trait, [attempt]).catch(() => undefined);
