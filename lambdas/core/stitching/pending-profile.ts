import type { Identifier } from '../identifiers/identifier.ts';
import type { Draft, ProfileId } from '../profile/profile.ts';
import type { IdentityLogEntry } from './identity-log.ts';
import type { Sighting } from './sighting.ts';
import type { Absorbed, Stored } from './snapshot.ts';

/** Everything that must be written together: a profile in the making, what it was read from, what it claims and why. */
export interface Group {
  draft: Draft;
  readonly bases: Stored[];
  absorbed: readonly Absorbed[];
  /** Identifiers that lead here. A read that a merge tore apart knows more of them than its profile does. */
  readonly named: Set<Identifier>;
  readonly claimed: Set<Identifier>;
  /** Identifiers that a correction took from a profile; one that is claimed, too, has been given away within the group. */
  readonly released: Set<Identifier>;
  /** Claimed identifiers that were given to somebody of the other collection, and to whom. */
  readonly taken: Map<Identifier, ProfileId>;
  readonly sightings: Sighting[];
  readonly log: IdentityLogEntry[];
}

/** A group of one profile, in which nothing has happened yet. */
export const groupOf = (draft: Draft, bases: Stored[] = []): Group => ({
  draft,
  bases,
  absorbed: [],
  named: new Set(),
  claimed: new Set(),
  released: new Set(),
  taken: new Map(),
  sightings: [],
  log: [],
});
