import { type Filling, type Histories, historiesOf, settledIn } from '../profile/histories.ts';
import type { Mergeable, Profile, ProfileId } from '../profile/profile.ts';
import { isMadeBefore } from '../profile/profile-id.ts';
import { type Aggregates, joinAggregates } from '../segments/aggregates/aggregate.ts';
import {
  type AggregateRegistry,
  type Frozen,
  latestCut,
  registeredBetween,
  registryFor,
} from '../segments/history/registry.ts';
import type { StitchRules } from './batch/rules.ts';
import type { StoredProfile } from './batch/snapshot.ts';
import type { ProfileWrite } from './profile-write.ts';
import { byTodaysRules } from './todays-rules.ts';
import { planChanged } from './wake.ts';

/** Rules with a registry whose histories are being brought. */
export interface BringingRules extends StitchRules {
  readonly registry: AggregateRegistry & { readonly frozen: Frozen };
}

/** One person's history, all lines of it. */
export interface PersonHistory {
  /**
   * The profiles whose history it is: those that the items of the person's identifiers name, whether they live or have
   * merged.
   */
  readonly covers: readonly ProfileId[];
  /** It may also be that of profiles that merged into the one that it covers. */
  readonly isShared?: boolean;
  /** What the aggregates keep of its events that wait for the frozen histories. */
  readonly history: Aggregates;
}

/**
 * What bringing a history comes to. `had`: the profile has it. `refused`: it cannot be brought by this run, and what it
 * is missing for stays undecided.
 */
export type HistoryPlan =
  | { readonly kind: 'planned'; readonly write: ProfileWrite }
  | { readonly kind: 'had' }
  | { readonly kind: 'refused'; readonly reason: string };

type NotPlanned = Exclude<HistoryPlan, { kind: 'planned' }>;

const had: NotPlanned = { kind: 'had' };
const refused = (reason: string): NotPlanned => ({ kind: 'refused', reason });

/**
 * Plans the write that brings a person's history to the live profile, which is decided again. Doing it twice changes
 * nothing. `now` is ISO 8601.
 */
export function planHistory(
  stored: StoredProfile,
  { covers, isShared = false, history }: PersonHistory,
  rules: BringingRules,
  now: string,
): HistoryPlan {
  const profile = byTodaysRules(stored.profile, rules);
  const parts = partsOf(profile);
  if (covers.length === 0 || !covers.every((id) => parts.includes(id)))
    return refused('it belongs to several profiles');
  const bringing = {
    frozen: rules.registry.frozen,
    registry: registryFor(rules.registry, profile.collection),
    history: { covers, history },
  };
  const whole = withHistory(profile, parts, bringing);
  if (whole.kind !== 'joined') return whole;
  const isOwn = !isShared && covers.length === 1 && covers[0] === profile.profileId;
  const own = profile.own && isOwn ? withHistory(profile.own, covers, bringing) : undefined;
  const ours = profile.own && own?.kind === 'joined' ? { ...profile.own, ...own.joined } : profile.own;
  return { kind: 'planned', write: planChanged(stored, { ...profile, ...whole.joined, own: ours }, rules, now) };
}

/**
 * Plans the write for a profile after all histories of a run were brought: that it has none is an answer, too.
 * `lacking` are profiles whose histories could not be brought.
 */
export function planAbsence(
  stored: StoredProfile,
  lacking: ReadonlySet<ProfileId>,
  rules: BringingRules,
  now: string,
): HistoryPlan {
  const profile = byTodaysRules(stored.profile, rules);
  const { frozen } = rules.registry;
  const whole = historiesOf(profile);
  if (whole.based >= frozen.generation) return had;
  const fault = faultOf(whole, frozen) ?? (whole.awaits === frozen.run ? 'it was unmerged meanwhile' : undefined);
  if (fault !== undefined) return refused(fault);
  if (partsOf(profile).some((id) => lacking.has(id))) return refused('its history could not be brought');
  const based = <Some extends Mergeable>(some: Some): Some => ({
    ...some,
    histories: { ...historiesOf(some), based: Math.max(historiesOf(some).based, frozen.generation) },
  });
  const { own } = profile;
  const next = { ...based(profile), own: own && isAnswered(own, profile, frozen) ? based(own) : own };
  return { kind: 'planned', write: planChanged(stored, next, rules, now) };
}

const partsOf = ({ profileId, merged }: Profile): ProfileId[] => [profileId, ...merged.keys()];

type Joined = { readonly kind: 'joined'; readonly joined: Pick<Mergeable, 'aggregates' | 'histories'> } | NotPlanned;

/** A history, and the part of the registry that is about such profiles. */
interface Bringing {
  readonly frozen: Frozen;
  readonly registry: AggregateRegistry;
  readonly history: PersonHistory;
}

function withHistory(
  mergeable: Mergeable,
  parts: readonly ProfileId[],
  { frozen, registry, history: { covers, history } }: Bringing,
): Joined {
  const histories = historiesOf(mergeable);
  const from = settledIn(histories);
  if (from >= frozen.generation) return had;
  const filling = histories.filling ?? { from, of: frozen.generation, ids: new Set(), late: false };
  const isIn = covers.map((id) => filling.ids.has(id));
  const isWhole = filling.run === frozen.run || isFilled(parts, filling, registry);
  if (isIn.every(Boolean) && filling.of === frozen.generation && isWhole) return had;
  const fault = faultOf(histories, frozen) ?? (isIn.some(Boolean) ? 'it has a part of it' : undefined);
  if (fault !== undefined) return refused(fault);
  const wanted = registeredBetween(registry, from, frozen.generation);
  const added = new Map([...history].filter(([id]) => wanted.has(id)));
  const ids = new Set([...filling.ids, ...covers]);
  const next: Filling = { ...filling, of: frozen.generation, ids, run: frozen.run };
  const based = Math.max(histories.based, isFilled(parts, next, registry) ? frozen.generation : 0);
  const aggregates = joinAggregates(mergeable.aggregates, added);
  return { kind: 'joined', joined: { aggregates, histories: { ...histories, based, filling: next } } };
}

/**
 * Why a run cannot add to the histories of a profile. Each run has lines of its own: that of a profile whose history an
 * earlier run brought may have the events of others that merged into it, though no identifier leads to these any more.
 */
function faultOf(histories: Histories, frozen: Frozen): string | undefined {
  if (histories.mixed) return 'it has the history of an unknown part of it';
  if (settledIn(histories) < frozen.from) return 'it lacks older histories, too';
  const { filling } = histories;
  if (filling === undefined || filling.ids.size === 0) return undefined;
  const isOfRun = filling.of === frozen.generation && filling.run === frozen.run;
  return isOfRun ? undefined : 'it has histories of an earlier run';
}

/** Profiles that are newer than all aggregates have no history, unless an event came late. */
function isFilled(parts: readonly ProfileId[], { from, of, ids, late }: Filling, registry: AggregateRegistry): boolean {
  const cut = latestCut(registeredBetween(registry, from, of).values()) ?? '';
  return parts.every((id) => ids.has(id) || (!late && cut !== '' && !isMadeBefore(id, cut)));
}

/** Whether all that a profile's own statements could lack is known: their history alone, or none. */
const isAnswered = (own: Mergeable, { profileId, histories }: Profile, frozen: Frozen): boolean =>
  faultOf(historiesOf(own), frozen) === undefined &&
  historiesOf(own).awaits !== frozen.run &&
  (historiesOf(own).filling?.ids.has(profileId) === true || histories?.filling?.ids.has(profileId) !== true);
