import type { Event } from '../../events/event.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import { accountNamed, accountOf, identifiersOf, isOfAccountAlone } from '../../identifiers/identifier.ts';
import type { Collection } from '../../profile/profile.ts';
import { keysOf } from '../../segments/program/aggregate-spec.ts';
import { programOf } from '../../segments/program/compile.ts';
import type { Correction } from './correction.ts';
import { correctionIn } from './correction.ts';
import type { StitchRules } from './rules.ts';

/** An event and its identifiers, most trusted first: of a person, or of an account. */
export interface Sighting {
  readonly event: Event;
  readonly collection: Collection;
  readonly identifiers: readonly Identifier[];
  /** Whether a barrier keeps its least trusted identifier out of these. */
  readonly isCut?: true | undefined;
  /** Identifiers in the event that never link people. */
  readonly blocked: readonly Identifier[];
  /** Identifiers of the person whose call names the account, of whom the most trusted decides whether it counts. */
  readonly by?: readonly Identifier[] | undefined;
  /** The same by the names that its event states, if some of its identifiers had other names then. */
  readonly asStated?: Sighting | undefined;
  /** A finding of the platform's own jobs instead of a client's event. */
  readonly correction?: Correction | undefined;
}

/**
 * Reads the identifiers in each event: of a person, and of the account of a group call, which may come alone. An
 * account that another call names is sighted only where a definition of accounts reads such calls. `identifiers` is
 * empty for events without any.
 */
export function sight(events: readonly Event[], rules: StitchRules): Sighting[] {
  const { sources, identity } = rules;
  const { byEvent } = programOf(rules, 'accounts');
  const accountIn = (event: Event): Identifier | undefined =>
    accountOf(event, identity) ??
    (byEvent.size > 0 && keysOf(event).some((key) => byEvent.has(key)) ? accountNamed(event, identity) : undefined);
  const countryOf = new Map(sources.map(({ id, defaultCountry }) => [id, defaultCountry]));
  return events.flatMap((event) => {
    const correction = correctionIn(event, identity);
    if (correction)
      return [{ event, collection: correction.collection, identifiers: correction.leads, blocked: [], correction }];
    const stated = identifiersOf(event, identity, countryOf.get(event.sourceId));
    const person: Sighting = { event, collection: 'users', identifiers: stated.usable, blocked: stated.blocked };
    const isAlone = isOfAccountAlone(event, stated);
    const account = stated.usable.length > 0 || isAlone ? accountIn(event) : undefined;
    if (account === undefined) return [person];
    const by = stated.usable.slice(0, 1);
    const ofAccount: Sighting = { event, collection: 'accounts', identifiers: [account], blocked: [], by };
    return isAlone ? [ofAccount] : [person, ofAccount];
  });
}
