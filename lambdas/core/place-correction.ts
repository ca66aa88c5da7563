import type { IdentityRules } from './config.ts';
import type { Identifier } from './identifier.ts';
import { type Placement, place } from './placement.ts';
import type { Profile } from './profile.ts';
import type { Sighting } from './working-set.ts';

/** Places a correction at the profile that it is about, as that is without what the correction releases. */
export function placeCorrection(
  { event: { receivedAt }, correction }: Sighting,
  profile: Profile,
  ownerOf: (id: Identifier) => Profile | undefined,
  rules: IdentityRules,
): Placement {
  const released = new Set(correction?.facts?.released);
  const at: Profile = { ...profile, identifiers: new Map([...profile.identifiers].filter(([id]) => !released.has(id))) };
  const owner = (id: Identifier) => (ownerOf(id)?.profileId === profile.profileId ? at : ownerOf(id));
  return place({ identifiers: correction?.identifiers ?? [], receivedAt, at }, owner, rules);
}
