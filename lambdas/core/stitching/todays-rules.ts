import type { Profile } from '../profile/profile.ts';
import { chosenAgain } from '../profile/surviving-trait.ts';
import { renewedProfile } from '../segments/history/standing.ts';
import type { StitchRules } from './batch/rules.ts';

/**
 * A profile as it was read, by the rules of today: which aggregates count, and which sources of a trait are trusted
 * most.
 */
export function byTodaysRules(profile: Profile, rules: Pick<StitchRules, 'registry' | 'survivorship'>): Profile {
  const renewed = renewedProfile(profile, rules);
  const traits = chosenAgain(renewed.traits, rules.survivorship);
  const own = renewed.own && chosenAgain(renewed.own.traits, rules.survivorship);
  if (traits === renewed.traits && own === renewed.own?.traits) return renewed;
  return { ...renewed, traits, ...(renewed.own && own && { own: { ...renewed.own, traits: own } }) };
}
