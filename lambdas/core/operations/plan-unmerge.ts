import type { Identifier } from '../identifiers/identifier.ts';
import { boundProfile } from '../limits/profile-bound.ts';
import type { NewProfileId } from '../profile/new-profile-id.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { everyMembership } from '../segments/changes.ts';
import { inSegments } from '../segments/membership.ts';
import type { IdentityLogEntry } from '../stitching/batch/identity-log.ts';
import type { StitchRules } from '../stitching/batch/rules.ts';
import type { ProfileWrite } from '../stitching/plan.ts';
import { type MergedPerson, unmergeIdentifier, unmergeProfile } from './unmerge-parts.ts';

/** What to unmerge from a live profile: a merged profile, or one identifier of its item. */
export type UnmergeTarget =
  | { readonly profileId: ProfileId }
  | { readonly identifier: Identifier; readonly owner: ProfileId };

/** Who asked and when, in the form of an event's name. */
export type UnmergeCause = Pick<IdentityLogEntry, 'messageId' | 'timestamp' | 'at'>;

/** The new state of a profile. `version` is the expected version of its item; undefined if the item must not exist. */
export type UnmergedProfile = Pick<ProfileWrite, 'profile' | 'version' | 'changes' | 'log'>;

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
  const parts =
    'profileId' in target
      ? unmergeProfile(person, target.profileId)
      : unmergeIdentifier(person, target, cause, newProfileId);
  if (parts === undefined)
    return refused('no profile with that id was merged into this one in a way that can be undone');
  const { left, parted } = parts;
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
    changes: everyMembership(profile, config.segments),
    log: [{ kind: 'unmerge', profileId: profile.profileId, apart, ...identifier, ...cause }],
  });
  const finished = (profile: Profile) => inSegments(boundProfile(profile), config, cause.at);
  const stays = finished(left);
  const leaves = finished(parted);
  const write = {
    left: unmerged(stays, person.live.version, leaves.profileId),
    parted: unmerged(leaves, parts.version, stays.profileId, given && { identifier: given.identifier }),
    given,
  };
  return { kind: 'planned', write };
}

const refused = (reason: string): UnmergePlan => ({ kind: 'refused', reason });
