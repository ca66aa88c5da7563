import { saidIn } from '../consent/said-in.ts';
import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import { consentKey } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import { saidBy } from '../profile/surviving-trait.ts';
import { traitsOfPerson } from '../profile/trait.ts';

/** Whether a profile has what a call says of its traits, or what the same source said later. */
export const hasTraits = ({ traits }: Profile, call: Event, rules: Survivorship): boolean =>
  Object.keys(traitsOfPerson(call)).every((name) => {
    const stated = saidBy(traits.get(name), name, call, rules);
    if (stated === undefined || stated.timestamp < call.timestamp) return false;
    // A value that had no room is not there.
    return stated.bytes === undefined || stated.messageId !== call.messageId;
  });

/** Whether a profile has the consent that a call states under an identifier, or what was stated later. */
export function hasConsent(
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
