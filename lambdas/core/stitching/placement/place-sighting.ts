import type { Identifier } from '../../identifiers/identifier.ts';
import type { IdentityRules } from '../../identifiers/rules.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Sighting } from '../batch/sighting.ts';
import { type Placement, place } from './placement.ts';

/** The profiles that a sighting may name. */
interface Known {
  readonly ownerOf: (id: Identifier) => Profile | undefined;
  /** The profile of a correction, if it has not changed since the comparison. */
  readonly compared: Profile | undefined;
}

/** Places a sighting; a correction at its profile, or undefined if that profile has changed since the comparison. */
export function placeSighting(sighting: Sighting, known: Known, rules: IdentityRules): Placement | undefined {
  const { event, identifiers, correction } = sighting;
  if (correction?.target === undefined)
    return place({ identifiers, receivedAt: event.receivedAt }, known.ownerOf, rules);
  return known.compared && placeCorrection(sighting, known.compared, known.ownerOf, rules);
}

/** Places a correction at its profile without the released identifiers. */
function placeCorrection(
  { event: { receivedAt }, correction }: Sighting,
  profile: Profile,
  ownerOf: Known['ownerOf'],
  rules: IdentityRules,
) {
  const released = new Set(correction?.target?.released);
  const at: Profile = {
    ...profile,
    identifiers: new Map([...profile.identifiers].filter(([id]) => !released.has(id))),
  };
  const owner = (id: Identifier) => (ownerOf(id)?.profileId === profile.profileId ? at : ownerOf(id));
  return place({ identifiers: correction?.identifiers ?? [], receivedAt, at }, owner, rules);
}
