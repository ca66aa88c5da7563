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

/** Names under which one person is told. More are of shared devices, or of somebody who plays. */
const mostNames = 25;

/**
 * The names under which somebody is delivered, most trusted first: all user ids, or without one all devices, or all ids
 * of an account. An abandoned name does not return.
 */
export function namesOf(profile: Profile, rules: IdentityRules): Name[] {
  const trusted = byTrust(profile, rules);
  const textsOf = (type: string): string[] => trusted.filter((id) => typeOf(id) === type).map(textOf);
  const someOf = (ids: string[]): string[] => (ids.length > 0 ? ids.slice(0, mostNames) : [profile.profileId]);
  if (profile.collection === 'accounts') return someOf(trusted.map(textOf)).map((groupId) => ({ groupId }));
  if (trusted[0] && typeOf(trusted[0]) === 'user_id') return someOf(textsOf('user_id')).map((userId) => ({ userId }));
  return someOf(textsOf('anonymous_id')).map((anonymousId) => ({ anonymousId }));
}

/** The first of the names under which somebody is delivered. */
export const nameOf = (profile: Profile, rules: IdentityRules): Name => namesOf(profile, rules)[0] as Name;

/** The names under which somebody is told to be in a segment: one of a person, and all ids of an account. */
export const memberNamesOf = (profile: Profile, rules: IdentityRules): Name[] =>
  profile.collection === 'accounts' ? namesOf(profile, rules) : [nameOf(profile, rules)];
