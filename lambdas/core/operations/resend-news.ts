import type { ProfileChange } from '../destinations/announcement.ts';
import type { Profile } from '../profile/profile.ts';
import { type DatedDefinitions, silentOf } from '../segments/history/standing.ts';
import { programOf } from '../segments/program/compile.ts';
import { blankText, traitText } from '../segments/told-traits.ts';

/** What a destination is told again. */
export interface ResendWish {
  readonly segments: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
  /** Ids of profiles; undefined for everybody. */
  readonly profiles?: ReadonlySet<string> | undefined;
}

/**
 * What is to be told again about somebody: their memberships, and computed traits that say more than that nothing has
 * happened. Deliver decides by consent and the state of the moment what is told.
 */
export function resendNews(
  profile: Profile,
  { segments, traits, profiles }: ResendWish,
  definitions: DatedDefinitions,
  now: number,
): ProfileChange[] {
  const { profileId, collection } = profile;
  if (profiles !== undefined && !profiles.has(profileId)) return [];
  const again = true as const;
  const member = [...profile.segments.keys()]
    .filter((segment) => segments.has(segment))
    .map((segment) => ({ profileId, segment, change: 'entered' as const, again }));
  if (traits.size === 0) return member;
  const program = programOf(definitions, collection);
  const silent = silentOf(definitions, collection, profile).traits;
  const told = [...program.traits.keys()]
    .filter((trait) => traits.has(trait) && !silent.has(trait))
    .filter((trait) => traitText(program, trait, profile, now) !== blankText(program, trait, profile, now));
  return [...member, ...told.map((trait) => ({ profileId, trait, again }))];
}
