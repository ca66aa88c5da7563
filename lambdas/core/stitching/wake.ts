import { withoutOldMarks } from '../limits/profile-bound.ts';
import type { Profile } from '../profile/profile.ts';
import { changesBetween } from '../segments/changes.ts';
import { inSegments } from '../segments/membership.ts';
import { traitNews } from '../segments/told-traits.ts';
import type { StitchRules } from './batch/rules.ts';
import type { StoredProfile } from './batch/snapshot.ts';
import { linked } from './members.ts';
import type { ProfileWrite } from './profile-write.ts';
import { byTodaysRules } from './todays-rules.ts';

/** Plans the write of a profile that is due at `now`: nothing happened to it, and its segments are decided again. */
export const planWake = (stored: StoredProfile, config: StitchRules, now: string): ProfileWrite =>
  planChanged(stored, byTodaysRules(stored.profile, config), config, now);

/** Plans the write of a stored profile that became another by no event; its segments are decided at `now`. */
export function planChanged(
  { profile, version }: StoredProfile,
  changed: Profile,
  config: StitchRules,
  now: string,
): ProfileWrite {
  const decided = withoutOldMarks(inSegments(changed, config, now, profile));
  const change = { profile: decided, bases: [profile], joined: [], version: version + 1 };
  const { profile: next, members } = linked(change, config, Date.parse(now));
  return {
    profile: next,
    ...(members && { members }),
    version,
    changes: changesBetween([profile], next, config.identity, config),
    traits: traitNews([profile], next, config),
    absorbed: [],
    claimed: [],
    released: [],
    taken: new Map(),
    log: [],
    sightings: [],
    unkept: 0,
  };
}
