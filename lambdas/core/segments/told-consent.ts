import { grantsAll } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import type { DatedDefinitions } from './history/standing.ts';

/** Whether profiles became another that grants a destination what they refused, or the reverse. */
export function isConsentNews(
  before: readonly Profile[],
  after: Profile,
  { destinations = [] }: Pick<DatedDefinitions, 'destinations'>,
): boolean {
  return destinations.some(
    ({ consent = [] }) =>
      consent.length > 0 && before.some((profile) => grantsAll(profile, consent) !== grantsAll(after, consent)),
  );
}
