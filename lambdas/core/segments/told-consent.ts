import { purposesOf } from '../consent/purpose.ts';
import { permits } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import type { DatedDefinitions } from './history/standing.ts';

/** Whether profiles became another that grants a destination what they refused, or the reverse. */
export function isConsentNews(
  before: readonly Profile[],
  after: Profile,
  { destinations = [], purposes = [] }: Pick<DatedDefinitions, 'destinations' | 'purposes'>,
): boolean {
  return destinations.some(({ consent = [], uses = [] }) => {
    if (consent.length + uses.length === 0) return false;
    const needs = { consent, purposes: purposesOf(uses, purposes) };
    return before.some((profile) => permits(profile, needs) !== permits(after, needs));
  });
}
