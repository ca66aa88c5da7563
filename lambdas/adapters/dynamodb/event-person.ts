import type { Event } from '../../core/events/event.ts';
import { mostTrustedIn, type TrustRules } from '../../core/identifiers/identifier.ts';
import { ownerName } from '../../core/profile/owner-name.ts';
import { identifierKey } from './identifier-key.ts';

/** Turns an event into the key of its person: that of the most trusted identifier, if it has any. */
export type EventPerson = (event: Event) => string | undefined;

/** Makes what turns events into keys of their people. */
export function eventPerson(rules: TrustRules, secret: string): EventPerson {
  const keyOf = identifierKey(secret);
  const trustedIn = mostTrustedIn(rules);
  return (event) => {
    const identifier = trustedIn(event);
    return identifier && keyOf(ownerName('users', identifier));
  };
}
