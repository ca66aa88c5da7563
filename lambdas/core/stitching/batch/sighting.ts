import type { Event } from '../../events/event.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import { accountOf, identifiersOf } from '../../identifiers/identifier.ts';
import type { Collection } from '../../profile/profile.ts';
import type { Correction } from './correction.ts';
import { correctionIn } from './correction.ts';
import type { StitchRules } from './rules.ts';

/** An event and its identifiers, most trusted first: of a person, or of the account of a group call. */
export interface Sighting {
  readonly event: Event;
  readonly collection: Collection;
  readonly identifiers: readonly Identifier[];
  /** Identifiers in the event that never link people. */
  readonly blocked: readonly Identifier[];
  /** A finding of the platform's own jobs instead of a client's event. */
  readonly correction?: Correction | undefined;
}

/**
 * Reads the identifiers in each event: of a person, and for a group call also of the account. `identifiers` is empty
 * for events without any.
 */
export function sight(events: readonly Event[], { sources, identity }: StitchRules): Sighting[] {
  const countryOf = new Map(sources.map(({ id, defaultCountry }) => [id, defaultCountry]));
  return events.flatMap((event) => {
    const correction = correctionIn(event, identity);
    if (correction)
      return [{ event, collection: correction.collection, identifiers: correction.leads, blocked: [], correction }];
    const { usable, blocked } = identifiersOf(event, identity, countryOf.get(event.sourceId));
    const person: Sighting = { event, collection: 'users', identifiers: usable, blocked };
    const account = usable.length > 0 ? accountOf(event, identity) : undefined;
    return account === undefined
      ? [person]
      : [person, { event, collection: 'accounts', identifiers: [account], blocked: [] }];
  });
}
