import { boundAccounts } from './account-bound.ts';
import { boundConsent } from './consent-bound.ts';
import type { Facts } from './facts.ts';
import type { Profile } from './profile.ts';
import { boundTraits } from './trait-bound.ts';

/**
 * What a profile keeps of what it was told, so that its item never outgrows the table: all identifiers, counts, marks and memberships, and of
 * traits, accounts and consent as much as there is room for. Cutting before or after a join gives the same, so order does not matter.
 */
export function boundProfile<Whole extends Pick<Profile, 'traits' | 'accounts' | 'consent' | 'horizons'>>(profile: Whole): Whole {
  const { traits, horizon } = boundTraits(profile.traits, profile.horizons?.traits);
  const accounts = boundAccounts(profile.accounts, profile.horizons?.accounts);
  const consent = boundConsent(profile.consent, profile.horizons?.consent);
  if (traits === profile.traits && accounts.accounts === profile.accounts && consent.consent === profile.consent) return profile;
  const horizons = { traits: horizon, accounts: accounts.horizon, consent: consent.horizon };
  const isCut = Object.values(horizons).some((one) => one !== undefined);
  return { ...profile, traits, accounts: accounts.accounts, consent: consent.consent, ...(isCut && { horizons }) };
}

/** The same of values that a merge hid. */
export const boundFacts = (facts: Facts): Facts => ({
  ...facts,
  traits: boundTraits(facts.traits).traits,
  accounts: boundAccounts(facts.accounts).accounts,
});

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
