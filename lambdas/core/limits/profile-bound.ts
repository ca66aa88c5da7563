import type { Survivorship } from '../lake/survivorship.ts';
import { marksIn, pruneBeside, pruneMarks } from '../profile/message-marks.ts';
import type { Mergeable, Profile } from '../profile/profile.ts';
import { boundTraits, traitBounds } from '../profile/trait-bound.ts';
import { boundAccounts } from './account-bound.ts';
import { boundConsent } from './consent-bound.ts';

/**
 * Bounds a profile, so its item always fits the table: it keeps all identifiers, counts, marks and memberships, and
 * traits, accounts and consent within their room, and the same again for its own statements. Cutting before or after a
 * join gives the same result, so order does not matter.
 */
export function boundProfile<Whole extends Pick<Profile, 'traits' | 'accounts' | 'consent' | 'horizons' | 'own'>>(
  profile: Whole,
  survivorship?: Survivorship,
): Whole {
  const mergeable = boundMergeable(profile, survivorship);
  const own = profile.own && boundMergeable(profile.own, survivorship);
  const { consent, horizon } = boundConsent(profile.consent, profile.horizons?.consent);
  if (mergeable === profile && own === profile.own && consent === profile.consent) return profile;
  return {
    ...mergeable,
    consent,
    ...(own && { own }),
    ...(horizon !== undefined && { horizons: { ...mergeable.horizons, consent: horizon } }),
  };
}

/** The same for traits and accounts only. */
function boundMergeable<Some extends Pick<Mergeable, 'traits' | 'accounts' | 'horizons'>>(
  mergeable: Some,
  survivorship?: Survivorship,
): Some {
  const { traits, horizon } = boundTraits(mergeable.traits, mergeable.horizons?.traits, traitBounds, survivorship);
  const accounts = boundAccounts(mergeable.accounts, mergeable.horizons?.accounts);
  if (traits === mergeable.traits && accounts.accounts === mergeable.accounts) return mergeable;
  const isCut = horizon !== undefined || accounts.horizon !== undefined;
  const horizons = { ...mergeable.horizons, traits: horizon, accounts: accounts.horizon };
  return { ...mergeable, traits, accounts: accounts.accounts, ...(isCut && { horizons }) };
}

/** Drops marks outside the window. */
export function withoutOldMarks(profile: Profile): Profile {
  const { own } = profile;
  const marks = pruneMarks(profile.marks);
  const heard = pruneBeside(marks, profile.heard);
  if (marks === profile.marks && heard === profile.heard && own === undefined) return profile;
  return { ...profile, marks, heard, own: own && { ...own, marks: marksIn(own.marks, marks) } };
}

/** How many values a batch added to `before` that `kept` lost from `whole`. */
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
