import { marksIn, pruneBeside, pruneMarks } from '../profile/message-marks.ts';
import type { Facts, Profile } from '../profile/profile.ts';
import { boundTraits } from '../profile/trait-bound.ts';
import { boundAccounts } from './account-bound.ts';
import { boundConsent } from './consent-bound.ts';

/**
 * What a profile keeps of what it was told, so that its item never outgrows the table: all identifiers, counts, marks and memberships, and of
 * traits, accounts and consent as much as there is room for, and as much again of what was said to itself. Cutting before or after a join gives
 * the same, so order does not matter.
 */
export function boundProfile<Whole extends Pick<Profile, 'traits' | 'accounts' | 'consent' | 'horizons' | 'own'>>(
  profile: Whole,
): Whole {
  const facts = boundFacts(profile);
  const own = profile.own && boundFacts(profile.own);
  const { consent, horizon } = boundConsent(profile.consent, profile.horizons?.consent);
  if (facts === profile && own === profile.own && consent === profile.consent) return profile;
  return {
    ...facts,
    consent,
    ...(own && { own }),
    ...(horizon !== undefined && { horizons: { ...facts.horizons, consent: horizon } }),
  };
}

/** The same of traits and accounts alone. */
function boundFacts<Some extends Pick<Facts, 'traits' | 'accounts' | 'horizons'>>(facts: Some): Some {
  const { traits, horizon } = boundTraits(facts.traits, facts.horizons?.traits);
  const accounts = boundAccounts(facts.accounts, facts.horizons?.accounts);
  if (traits === facts.traits && accounts.accounts === facts.accounts) return facts;
  const isCut = horizon !== undefined || accounts.horizon !== undefined;
  const horizons = { ...facts.horizons, traits: horizon, accounts: accounts.horizon };
  return { ...facts, traits, accounts: accounts.accounts, ...(isCut && { horizons }) };
}

/** Without the marks that are outside the window. */
export function withoutOldMarks(profile: Profile): Profile {
  const { own } = profile;
  const marks = pruneMarks(profile.marks);
  const heard = pruneBeside(marks, profile.heard);
  if (marks === profile.marks && heard === profile.heard && own === undefined) return profile;
  return { ...profile, marks, heard, own: own && { ...own, marks: marksIn(own.marks, marks) } };
}

/** How many values the batch that made `whole` of `before` said that `kept` no longer has. */
export function countUnkept(whole: Profile, kept: Profile, before: readonly Profile[]): number {
  if (whole.traits === kept.traits && ![...kept.traits.values()].some(({ bytes }) => bytes !== undefined)) return 0;
  const isKept = (name: string): boolean => kept.traits.get(name)?.bytes === undefined && kept.traits.has(name);
  const wasLost = (name: string): boolean => {
    const { timestamp, messageId } = whole.traits.get(name) ?? {};
    return before.some(({ traits }) => {
      const known = traits.get(name);
      return known?.bytes !== undefined && known.timestamp === timestamp && known.messageId === messageId;
    });
  };
  return [...whole.traits.keys()].filter((name) => !isKept(name) && !wasLost(name)).length;
}
