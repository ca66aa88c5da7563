import { changesBetween } from '../segments/changes.ts';
import { inSegments } from '../segments/evaluate.ts';
import type { ProfileWrite } from './plan.ts';
import type { StitchRules } from './rules.ts';
import type { StoredProfile } from './snapshot.ts';

/** Plans the write of a profile that changes by itself: its segments as they are at `now`, and when they change next. */
export function planWake({ profile, version }: StoredProfile, config: StitchRules, now: string): ProfileWrite {
  const woken = { ...inSegments(profile, config.segments, now), dueAt: undefined };
  return {
    profile: woken,
    version,
    absorbed: [],
    claimed: [],
    released: [],
    taken: new Map(),
    changes: changesBetween([profile], woken, config.identity),
    log: [],
    sightings: [],
    unkept: 0,
  };
}
