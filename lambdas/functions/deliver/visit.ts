import type { Destination } from '../../core/destinations/destination.ts';
import { filtered, type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { type Manner, type Tellings, tellingsOf } from '../../core/destinations/tellings.ts';
import type { DeliveryMemory, Told } from '../../core/destinations/told.ts';
import { formerIds } from '../../core/destinations/told-names.ts';
import type { IdentityRules } from '../../core/identifiers/rules.ts';
import type { Needs } from '../../core/profile/consent.ts';
import type { Naming } from '../../core/profile/known-as.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';

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
  /** Whether its message was received before. */
  readonly came?: boolean | undefined;
}

/** One round of telling about one change. */
export interface Visit {
  readonly change: Change;
  readonly profile: Profile;
  readonly told: Told | undefined;
  readonly manner: Manner;
  readonly tellings: Tellings;
  /** An exit that the destination refuses for good, which must not keep the entry from it. */
  refusal?: Outcome | undefined;
}

/** Changes that are settled, and how. */
export type Settled = Map<Change, Outcome>;
/** Whether there was something to visit. */
export const isVisit = (visit: Visit | undefined): visit is Visit => visit !== undefined;

/**
 * Reads what is true and what was told. Whatever fails costs this change alone. `entered` are names that this delivery
 * told as members before: who told an exit meanwhile may have had them forgotten.
 */
export async function visit(
  change: Change,
  deps: ChangeDeps,
  settled: Settled,
  entered: readonly string[] = [],
): Promise<Visit | undefined> {
  const { segment, occasion, again } = change;
  const read = async (): Promise<Visit | undefined> => {
    const profile = await deps.find(change.profileId);
    if (profile === undefined) {
      settled.set(change, filtered('gone'));
      return undefined;
    }
    const recalled = await deps.memory.recall(formerIds(profile), segment);
    // Only an earlier attempt at this message can have told that names are in which left meanwhile.
    const told = change.came ? recalled : recalled && { ...recalled, left: undefined };
    const now = new Date(deps.now()).toISOString();
    const manner = { ...deps, rules: deps.identity, now, occasion, again };
    const mayHave = entered.length === 0 ? told : { ...told, names: new Set([...(told?.names ?? []), ...entered]) };
    return { change, profile, told, manner, tellings: tellingsOf({ profile, segment, told: mayHave }, manner) };
  };
  return read().catch((error: unknown) => {
    settled.set(change, outcomeOf(error));
    return undefined;
  });
}

/** Where names are recorded; at the profile itself if nothing is, so that it is known from now on. */
export const holdersOf = ({ profile, told }: Visit): readonly ProfileId[] => {
  const holders = told?.holders ?? [];
  return holders.length > 0 ? holders : [profile.profileId];
};
