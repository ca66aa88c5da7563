import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Collection } from '../profile/profile.ts';
import type { Correction } from './correction.ts';

/** An event and whom it names, most trusted identifier first: a person, or the account of a group call. */
export interface Sighting {
  readonly event: Event;
  readonly collection: Collection;
  readonly identifiers: readonly Identifier[];
  /** Identifiers the event says that never link anyone. */
  readonly blocked: readonly Identifier[];
  /** What the platform's own jobs say instead of what a client said. */
  readonly correction?: Correction | undefined;
}
