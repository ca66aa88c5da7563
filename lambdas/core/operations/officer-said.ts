import { saidIn } from '../consent/said-in.ts';
import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { consentKey } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';

/** Whether a profile has what a call says under an identifier, or what somebody said later. */
export function isInProfile(
  { consent, horizons }: Profile,
  { context, timestamp }: Event,
  speaker: Identifier,
): boolean {
  return saidIn(context).every(([category]) => {
    const stated = consent.get(consentKey(category, speaker));
    // A category without room is refused, and is kept nowhere.
    const hasRoom = horizons?.consent === undefined || category < horizons.consent;
    return !hasRoom || (stated !== undefined && stated.timestamp >= timestamp);
  });
}
