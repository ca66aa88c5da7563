import type { CdpConfig } from '../../core/config/config.ts';
import { asksPeople } from '../../core/destinations/forwarding/forwarded-events.ts';
import type { Event } from '../../core/events/event.ts';
import { identifiersOf } from '../../core/identifiers/identifier.ts';
import { ownerName } from '../../core/profile/owner-name.ts';
import { identifierKey } from './identifier-key.ts';

/** Turns an event into the key of its person: that of the most trusted identifier, if it has any. */
export type EventPerson = (event: Event) => string | undefined;

/** What turns events into keys of their people, where a destination asks about consent; else nobody reads a secret. */
export async function eventPerson(
  { identity, sources, destinations }: CdpConfig,
  readSecret: () => Promise<string>,
): Promise<EventPerson | undefined> {
  if (!destinations.some(asksPeople)) return undefined;
  const keyOf = identifierKey(await readSecret());
  const countryOf = new Map(sources.map(({ id, defaultCountry }) => [id, defaultCountry]));
  return (event) => {
    const [identifier] = identifiersOf(event, identity, countryOf.get(event.sourceId)).usable;
    return identifier && keyOf(ownerName('users', identifier));
  };
}
