import type { Identifier } from '../identifiers/identifier.ts';
import { boundProfile } from '../limits/profile-bound.ts';
import { historiesOf } from '../profile/histories.ts';
import type { NewProfileId } from '../profile/new-profile-id.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { everyMembership } from '../segments/changes.ts';
import { historiesSince, silentOf } from '../segments/history/standing.ts';
import { inSegments } from '../segments/membership.ts';
import { toldTraits } from '../segments/told-traits.ts';
import type { IdentityLogEntry } from '../stitching/batch/identity-log.ts';
import type { StitchRules } from '../stitching/batch/rules.ts';
import { unlinked } from '../stitching/members.ts';
import type { ProfileWrite } from '../stitching/profile-write.ts';
import { byTodaysRules } from '../stitching/todays-rules.ts';
import { type MergedPerson, unmergeIdentifier, unmergeProfile } from './unmerge-parts.ts';

/** What to unmerge from a live profile: a merged profile, or one identifier of its item. */
export type UnmergeTarget =
  | { readonly profileId: ProfileId }
  | { readonly identifier: Identifier; readonly owner: ProfileId };

/** Who asked and when, in the form of an event's name. */
export type UnmergeCause = Pick<IdentityLogEntry, 'messageId' | 'timestamp' | 'at'>;

/** The new state of a profile. `version` is the expected version of its item; undefined if the item must not exist. */
export type UnmergedProfile = Pick<ProfileWrite, 'profile' | 'version' | 'changes' | 'traits' | 'log'>;

/** One atomic write: the two people, and the identifier that moved. */
export interface UnmergeWrite {
  readonly left: UnmergedProfile;
  readonly parted: UnmergedProfile;
  readonly given: { readonly identifier: Identifier; readonly from: ProfileId } | undefined;
}

/** The write of an unmerge, or why it is impossible. */
type UnmergePlan =
  | { readonly kind: 'planned'; readonly write: UnmergeWrite }
  | { readonly kind: 'refused'; readonly reason: string };

/** What an unmerge depends on besides the person. */
interface UnmergeBasis {
  readonly cause: UnmergeCause;
  readonly config: StitchRules;
  readonly newProfileId: NewProfileId;
}

/** Plans the two people after an undone merge or link, without reading or writing anything. */
export function planUnmerge(
  person: MergedPerson,
  target: UnmergeTarget,
  { cause, config, newProfileId }: UnmergeBasis,
): UnmergePlan {
  const known = renewedPerson(person, config);
  const parts =
    'profileId' in target
      ? unmergeProfile(known, target.profileId, config.survivorship)
      : unmergeIdentifier(known, target, cause, newProfileId);
  if (parts === undefined)
    return refused('no profile with that id was merged into this one in a way that can be undone');
  const { left } = parts;
  const before = [person.live, ...person.tombstones.values()].map(({ profile: each }) => each);
  const parted =
    parts.version === undefined
      ? { ...parts.parted, histories: historiesSince(config, left.collection, cause.at) }
      : parts.parted;
  if (left.identifiers.size === 0 || parted.identifiers.size === 0)
    return refused('one of the two would be left without identifiers');
  const given = 'identifier' in target ? { identifier: target.identifier, from: target.owner } : undefined;
  const unmerged = (
    profile: Profile,
    version: number | undefined,
    apart: ProfileId,
    identifier = {},
  ): UnmergedProfile => ({
    profile,
    version,
    changes: everyMembership(profile, config.segments, before),
    traits: toldTraits(config, profile.collection).keys,
    log: [{ kind: 'unmerge', profileId: profile.profileId, apart, ...identifier, ...cause }],
  });
  const finished = (profile: Profile, version = 0): Profile =>
    unlinked({
      profile: inSegments(
        untold(boundProfile(awaiting(profile, config), config.survivorship), person.live.profile, config),
        config,
        cause.at,
      ),
      version: version + 1,
      definitions: config,
      at: Date.parse(cause.at),
    });
  const stays = finished(left, person.live.version);
  const leaves = finished(parted, parts.version);
  const write = {
    left: unmerged(stays, person.live.version, leaves.profileId),
    parted: unmerged(leaves, parts.version, stays.profileId, given && { identifier: given.identifier }),
    given,
  };
  return { kind: 'planned', write };
}

/** Without what is of earlier lives of aggregates, which none of the two must get. */
const renewedPerson = ({ live, tombstones, ...person }: MergedPerson, config: StitchRules): MergedPerson => ({
  ...person,
  live: { ...live, profile: byTodaysRules(live.profile, config) },
  tombstones: new Map(
    [...tombstones].map(([id, each]) => [id, { ...each, profile: byTodaysRules(each.profile, config) }]),
  ),
});

/** A history that is being brought may be that of both people: then the run cannot tell which of the two lacks it. */
function awaiting(profile: Profile, { registry }: StitchRules): Profile {
  const histories = historiesOf(profile);
  if (registry?.frozen === undefined || histories.based >= registry.frozen.generation) return profile;
  return { ...profile, histories: { ...histories, awaits: registry.frozen.run } };
}

/**
 * A segment that nobody can tell of a profile stays as it was of the `whole`: whoever leaves is in it as far as it was
 * when it came.
 */
function untold(profile: Profile, whole: Profile, config: StitchRules): Profile {
  const silent = silentOf(config, profile.collection, profile).segments;
  const stays = profile.profileId === whole.profileId;
  const kept = [...whole.segments].filter(([key]) => silent.has(key) && (stays || profile.segments.has(key)));
  return { ...profile, segments: new Map([...[...profile.segments].filter(([key]) => !silent.has(key)), ...kept]) };
}

const refused = (reason: string): UnmergePlan => ({ kind: 'refused', reason });
