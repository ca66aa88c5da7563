import type { Profile, ProfileId } from '../profile/profile.ts';
import { type Reason, reasonFor } from '../segments/explanation/reason.ts';
import { type DatedDefinitions, silentOf } from '../segments/history/standing.ts';
import { knownOf } from '../segments/known-profile.ts';
import { type Definitions, programOf } from '../segments/program/compile.ts';
import { formatInstant } from '../values/time.ts';

/** Why a person or an account is in a segment or not. */
export interface SegmentExplanation {
  readonly segment: string;
  readonly name: string;
  readonly profileId: ProfileId;
  /** The time that is answered about. */
  readonly at: string;
  /** Since when the profile table has the profile in the segment; null where it does not. */
  readonly memberSince: string | null;
  /** Whether the profile was last written with these definitions. */
  readonly isDecidedByThese: boolean;
  /** Whether the profile lacks events from before the definition: until it has them, it stays in or out as it was. */
  readonly lacksHistory: boolean;
  readonly reason: Reason;
}

/** Explains a segment of a profile at `now`, in milliseconds. */
export function explainSegment(
  profile: Profile,
  definitions: DatedDefinitions,
  { key, name }: Definitions['segments'][number],
  now: number,
): SegmentExplanation {
  const known = knownOf(profile, definitions.accountOf);
  return {
    segment: key,
    name,
    profileId: profile.profileId,
    at: formatInstant(Math.max(now, known.clock)),
    memberSince: profile.segments.get(key) ?? null,
    isDecidedByThese: profile.decided?.by === programOf(definitions, profile.collection).id,
    lacksHistory: silentOf(definitions, profile.collection, profile).segments.has(key),
    reason: reasonFor(definitions, key, known, now),
  };
}
