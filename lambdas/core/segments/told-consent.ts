import { isGranted } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import type { DatedDefinitions } from './history/standing.ts';

/** Whether profiles became another that grants a destination what they refused, or the reverse. */
export function isConsentNews(
  before: readonly Profile[],
  after: Profile,
  { destinations = [] }: Pick<DatedDefinitions, 'destinations'>,
): boolean {
  const isHeld = (profile: Profile, categories: readonly string[]): boolean =>
    categories.every((category) => isGranted(profile, category) === true);
  return destinations.some(
    ({ consent = [] }) =>
      consent.length > 0 && before.some((profile) => isHeld(profile, consent) !== isHeld(after, consent)),
  );
}
