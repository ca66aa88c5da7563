import { byPriority, type Identifier, textOf, typeOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import { emailOf, emailsOf } from './addresses.ts';
import type { Profile } from './profile.ts';

/**
 * A person's identifiers, most trusted first, then alphabetically. Time does not count: a late event would bring back
 * an abandoned name, and with it outdated memberships at destinations.
 */
export const byTrust = ({ identifiers }: Profile, rules: IdentityRules): Identifier[] =>
  [...identifiers.keys()].sort((a, b) => byPriority(a, b, rules));

/** The name of a person or an account at destinations, in Segment's words. */
export type Name = { readonly userId: string } | { readonly anonymousId: string } | { readonly groupId: string };

/** Types of identifiers under which a destination can be told of people. */
export const toldTypes = ['user_id', 'anonymous_id', 'email'] as const;

/** How a destination knows people. */
export interface Naming {
  /** Types of identifiers that it gets a call for, each. By default user ids, or devices of those without one. */
  readonly identifiers?: readonly (typeof toldTypes)[number][] | undefined;
  /** Traits of a person that come along. By default, the e-mail address. */
  readonly personal?: readonly string[] | undefined;
}

/** Traits that a destination is told unless it is configured otherwise. */
export const usualPersonal = ['email'];

/** Names and addresses under which one person is told. More are of shared devices, or of somebody who plays. */
const most = 25;

/**
 * The names under which somebody is delivered, most trusted first: all user ids, or without one all devices, or those
 * that the destination is told; all ids of an account. An abandoned name does not return.
 */
export function namesOf(profile: Profile, rules: IdentityRules, { identifiers }: Naming = {}): Name[] {
  const trusted = byTrust(profile, rules);
  const textsOf = (type: string): string[] => trusted.filter((id) => typeOf(id) === type).map(textOf);
  const someOf = (ids: string[]): string[] => (ids.length > 0 ? ids.slice(0, most) : [profile.profileId]);
  if (profile.collection === 'accounts') return someOf(trusted.map(textOf)).map((groupId) => ({ groupId }));
  const users = (): Name[] => textsOf('user_id').map((userId) => ({ userId }));
  const devices = (): Name[] => textsOf('anonymous_id').map((anonymousId) => ({ anonymousId }));
  if (identifiers !== undefined)
    return [
      ...(identifiers.includes('user_id') ? users() : []),
      ...(identifiers.includes('anonymous_id') ? devices() : []),
    ].slice(0, most);
  if (trusted[0] && typeOf(trusted[0]) === 'user_id') return users().slice(0, most);
  return someOf(textsOf('anonymous_id')).map((anonymousId) => ({ anonymousId }));
}

/** A name of somebody, and the e-mail address that comes with it. */
export interface KnownAs {
  readonly name: Name;
  readonly email: string | undefined;
}

/**
 * As whom a destination knows somebody: a pair for each name, all with the address of now, and one for each other
 * address of a destination that is told all of them. There, who has an address and no name is the profile.
 */
export function knownAs(profile: Profile, rules: IdentityRules, naming: Naming): KnownAs[] {
  const [email, ...others] = addressesFor(profile, naming);
  const names = namesOf(profile, rules, naming);
  const isNameless = names.length === 0 && email !== undefined && naming.identifiers?.includes('email');
  const first = names[0] ?? { anonymousId: profile.profileId };
  return [
    ...(isNameless ? [first] : names).map((name) => ({ name, email })),
    ...others.map((other) => ({ name: first, email: other })),
  ];
}

/** The e-mail addresses that a destination is told of somebody, that of now first. */
export function addressesFor(profile: Profile, { identifiers, personal = usualPersonal }: Naming): string[] {
  if (identifiers?.includes('email')) return emailsOf(profile).slice(0, most);
  const email = personal.includes('email') ? emailOf(profile) : undefined;
  return email === undefined ? [] : [email];
}
