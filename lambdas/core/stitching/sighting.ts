import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Collection } from '../profile/profile.ts';
import type { Correction } from './correction.ts';

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
