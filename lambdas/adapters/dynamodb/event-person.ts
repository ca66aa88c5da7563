import type { CdpConfig } from '../../core/config/config.ts';
import type { Event } from '../../core/events/event.ts';
import { mostTrusted } from '../../core/identifiers/identifier.ts';
import { ownerName } from '../../core/profile/owner-name.ts';
import { identifierKey } from './identifier-key.ts';

/** Turns an event into the key of its person: that of the most trusted identifier, if it has any. */
export type EventPerson = (event: Event) => string | undefined;

/** Makes what turns events into keys of their people. */
export function eventPerson(
  { identity, sources }: Pick<CdpConfig, 'identity' | 'sources'>,
  secret: string,
): EventPerson {
  const keyOf = identifierKey(secret);
  const countryOf = new Map(sources.map(({ id, defaultCountry }) => [id, defaultCountry]));
  return (event) => {
    const identifier = mostTrusted(event, identity, countryOf.get(event.sourceId));
    return identifier && keyOf(ownerName('users', identifier));
  };
}
