import { byPriority, type Identifier, textOf, typeOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import type { Profile } from './profile.ts';

/**
 * A person's identifiers, most trusted first, then alphabetically. Time does not count: a late event would bring back
 * an abandoned name, and with it outdated memberships at destinations.
 */
export const byTrust = ({ identifiers }: Profile, rules: IdentityRules): Identifier[] =>
  [...identifiers.keys()].sort((a, b) => byPriority(a, b, rules));

/** The name of a person or an account at destinations, in Segment's words. */
export type Name = { readonly userId: string } | { readonly anonymousId: string } | { readonly groupId: string };

/** The name under which somebody is announced and delivered; an abandoned name does not return. */
export function nameOf(profile: Profile, rules: IdentityRules): Name {
  const trusted = byTrust(profile, rules);
  if (profile.collection === 'accounts') return { groupId: trusted[0] ? textOf(trusted[0]) : profile.profileId };
  if (trusted[0] && typeOf(trusted[0]) === 'user_id') return { userId: textOf(trusted[0]) };
  const device = trusted.find((id) => typeOf(id) === 'anonymous_id');
  return { anonymousId: device ? textOf(device) : profile.profileId };
}
