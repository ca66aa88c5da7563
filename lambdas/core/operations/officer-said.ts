import { saidIn } from '../consent/said-in.ts';
import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import { consentKey } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import { saidBy } from '../profile/surviving-trait.ts';
import { compareStatements, traitsOfPerson } from '../profile/trait.ts';
import { comparePlaces } from '../profile/trait-bound.ts';

/** Which traits of a call a profile has not got yet, and which it knows and has no room for. */
export interface UnsaidTraits {
  readonly open: readonly string[];
  readonly roomless: readonly string[];
}

/** What a profile lacks of the traits of a call, unless the same source said something else later. */
export function unsaidTraits({ traits, horizons }: Profile, call: Event, rules: Survivorship): UnsaidTraits {
  const { timestamp, messageId } = call;
  const [open, roomless]: [string[], string[]] = [[], []];
  for (const name of Object.keys(traitsOfPerson(call))) {
    const stated = saidBy(traits.get(name), name, call, rules);
    const isKnown = stated !== undefined && compareStatements(stated, { timestamp, messageId }) >= 0;
    // Beyond the horizon a profile keeps no value, also if somebody says it once more.
    const isBeyond =
      horizons?.traits !== undefined && comparePlaces({ timestamp, messageId, name }, horizons.traits) <= 0;
    if (isKnown ? stated.bytes !== undefined && stated.messageId === messageId : isBeyond) roomless.push(name);
    else if (!isKnown) open.push(name);
  }
  return { open, roomless };
}

/** Whether a profile has the consent that a call states under an identifier, or what was stated later. */
export function hasConsent(
  { consent, horizons }: Profile,
  { context, timestamp }: Event,
  speaker: Identifier,
): boolean {
  return saidIn(context).every(([category, granted]) => {
    const stated = consent.get(consentKey(category, speaker));
    // A category without room is refused, and is kept nowhere.
    const hasRoom = horizons?.consent === undefined || category < horizons.consent;
    if (!hasRoom) return true;
    if (stated?.timestamp !== timestamp) return stated !== undefined && stated.timestamp > timestamp;
    // Of one instant the stricter stands, so a yes of somebody else is not what was said.
    return granted || !stated.granted;
  });
}
