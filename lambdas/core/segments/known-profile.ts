import { typeOf } from '../identifiers/identifier.ts';
import { isGranted } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import type { Known } from './evaluation/known.ts';

/** What segments may ask about a profile. */
export const knownOf = (profile: Profile): Known => ({
  profileId: profile.profileId,
  since: Date.parse(profile.firstSeen),
  clock: Date.parse(profile.lastSeen),
  aggregates: profile.aggregates,
  traitOf: (name) => profile.traits.get(name)?.value ?? undefined,
  consentOf: (category) => isGranted(profile, category),
  hasIdentifier: (type) => [...profile.identifiers.keys()].some((id) => typeOf(id) === type),
  accounts: [],
});
