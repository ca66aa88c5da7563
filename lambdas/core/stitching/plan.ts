import type { Identifier } from '../identifiers/identifier.ts';
import { boundProfile, countUnkept, withoutOldMarks } from '../limits/profile-bound.ts';
import { markOf } from '../profile/message-key.ts';
import type { NewProfileId } from '../profile/new-profile-id.ts';
import { ownerName } from '../profile/owner-name.ts';
import { type Collection, hasApplied } from '../profile/profile.ts';
import { changesBetween, everyMembership } from '../segments/changes.ts';
import { inSegments } from '../segments/membership.ts';
import { toldTraits, traitNews } from '../segments/told-traits.ts';
import { accountsIn } from './accounts.ts';
import type { Capped } from './batch/capped.ts';
import { type IdentityLogEntry, quietEntries } from './batch/identity-log.ts';
import type { PendingProfile } from './batch/pending-profile.ts';
import type { StitchRules } from './batch/rules.ts';
import type { Sighting } from './batch/sighting.ts';
import type { Barriers, Snapshot } from './batch/snapshot.ts';
import { linked } from './members.ts';
import { mayHaveApplied } from './placement/already-applied.ts';
import { barriersOf, passBarriers } from './placement/barred.ts';
import { placeSighting } from './placement/place-sighting.ts';
import type { ProfileWrite } from './profile-write.ts';
import { isRelease, planReleases, type ReleaseWrite } from './release.ts';
import { WorkingSet } from './working-set.ts';

/**
 * The plan of a batch. Every sighting is in exactly one of: a write, a release, `deferred`, `repeated`, `capped`,
 * `suppressed`.
 */
export interface StitchPlan {
  readonly writes: readonly ProfileWrite[];
  /** Identifiers that are released; the other sightings wait, because they may have other names afterwards. */
  readonly releases: readonly ReleaseWrite[];
  /**
   * Sightings whose write would exceed the store's item limit or have too many decisions; plan them again after these
   * writes.
   */
  readonly deferred: readonly Sighting[];
  /**
   * Sightings that a profile has applied before (or may have, for replayed events), and corrections of a profile that
   * has changed since the comparison.
   */
  readonly repeated: readonly Sighting[];
  /** Sightings for the quarantine. */
  readonly capped: readonly Capped[];
  /** Sightings that barriers stop. */
  readonly suppressed: readonly Sighting[];
}

/** Most items in one DynamoDB transaction. */
export const transactionItems = 100;

/**
 * Plans the effect of sightings on the profiles they name, without reading or writing anything; the snapshot stays
 * unchanged.
 */
export function planStitch(
  sightings: readonly Sighting[],
  snapshot: Snapshot,
  config: StitchRules,
  newProfileId: NewProfileId,
): StitchPlan {
  const rules = { ...config, accountOf: accountsIn(snapshot) };
  const work = new WorkingSet(snapshot, rules, newProfileId);
  const deferred: Sighting[] = [];
  const repeated: Sighting[] = [];
  const capped: Capped[] = [];
  const people = ownersIn(work, 'users');
  const accounts = ownersIn(work, 'accounts');
  const { passed, suppressed } = passBarriers(sightings, snapshot.barriers);
  if (passed.some(isRelease)) return { ...nothing, ...planReleases(passed, snapshot, rules), suppressed };
  for (const sighting of passed) {
    const { event, collection, identifiers } = sighting;
    const ownerOf = collection === 'users' ? people : accounts;
    const mark = markOf(event);
    if (
      identifiers.some((id) => hasApplied(ownerOf(id), mark)) ||
      (event.replayed && mayHaveApplied(sighting, ownerOf, config))
    ) {
      repeated.push(sighting);
      continue;
    }
    const target = sighting.correction?.target;
    const compared = target && work.asCompared(target);
    const placement = placeSighting(sighting, { ownerOf, compared }, config.identity);
    if (placement === undefined) {
      repeated.push(sighting);
      continue;
    }
    const items = transactionItems - (target?.released.length ?? 0);
    const rule =
      placement.capped ??
      (work.itemsAlone(placement, collection) > items ? `cap of ${transactionItems} items in a write` : undefined);
    if (rule !== undefined) capped.push({ sighting, rule, profileId: placement.profiles[0]?.profileId });
    else if (work.itemsNeeded(placement, collection) > items || work.isLogFull(placement)) deferred.push(sighting);
    else work.apply(sighting, placement, mark);
  }
  const writes = work.changedProfiles().map((pending) => toWrite(pending, rules, snapshot.barriers));
  return { writes, releases: [], deferred, repeated, capped, suppressed };
}

const nothing = { writes: [], capped: [] };

const ownersIn = (work: WorkingSet, collection: Collection) => (id: Identifier) =>
  work.ownerOf(ownerName(collection, id));

function toWrite(
  { draft, bases, absorbed, claimed, released, taken, joined, sightings, log }: PendingProfile,
  config: StitchRules,
  barriers: Barriers | undefined,
): ProfileWrite {
  const at =
    sightings
      .map(({ event }) => event.receivedAt)
      .sort()
      .at(-1) ?? draft.lastSeen;
  const kept = boundProfile(draft, config.survivorship);
  const before = bases.map((base) => base.profile);
  const unmerged = bases.length === 1 && bases[0]?.profile.profileId === draft.profileId ? before[0] : undefined;
  const decided = withoutOldMarks(inSegments(kept, config, at, unmerged));
  const stored = bases.find((base) => base.profile.profileId === draft.profileId);
  const named = barriers?.size ? [...claimed, ...released, ...draft.identifiers.keys()] : [];
  const theirs = barriersOf(barriers, draft.collection, named);
  const guarded = theirs?.size ? { ...decided, barred: true as const } : decided;
  const change = { profile: guarded, bases: before, joined, version: (stored?.version ?? 0) + 1 };
  const { profile, members } = linked(change, config, Date.parse(at));
  const changes = log.some(isTakenBack)
    ? everyMembership(profile, config.segments, before)
    : changesBetween(before, profile, config.identity, config);
  return {
    profile,
    ...(members && { members }),
    version: stored?.version,
    absorbed,
    claimed: [...claimed],
    released: [...released],
    taken,
    barriers: theirs,
    changes,
    traits: log.some(isTakenBack) ? toldTraits(config, profile.collection).keys : traitNews(before, profile, config),
    log: [...log, ...quietEntries(log, stored?.profile, profile, changes)],
    sightings,
    unkept: countUnkept(draft, kept, before),
  };
}

/** Names come back, whose last news may be outdated. */
const isTakenBack = ({ kind }: IdentityLogEntry): boolean => kind === 'release';
