import type { Identifier } from '../../identifiers/identifier.ts';
import type { Draft, ProfileId } from '../../profile/profile.ts';
import type { IdentityLogEntry } from './identity-log.ts';
import type { Sighting } from './sighting.ts';
import type { Absorbed, StoredProfile } from './snapshot.ts';

/**
 * Everything to write together: a profile in the making, the stored profiles that it was read from, its claims and its
 * decisions.
 */
export interface PendingProfile {
  draft: Draft;
  readonly bases: StoredProfile[];
  absorbed: readonly Absorbed[];
  /** Identifiers that lead to this profile. A read during a merge may find more of them than the profile has. */
  readonly named: Set<Identifier>;
  readonly claimed: Set<Identifier>;
  /** Identifiers that a correction removed from a profile; if one is claimed, too, it moved within the same write. */
  readonly released: Set<Identifier>;
  /** Claimed identifiers that belonged to a profile of the other collection, with that profile. */
  readonly taken: Map<Identifier, ProfileId>;
  /** Group ids of accounts that are new to the person, where a segment of people asks about accounts. */
  readonly joined: Set<string>;
  readonly sightings: Sighting[];
  readonly log: IdentityLogEntry[];
}

/** A pending profile without changes. */
export const pendingProfileOf = (draft: Draft, bases: StoredProfile[] = []): PendingProfile => ({
  draft,
  bases,
  absorbed: [],
  named: new Set(),
  claimed: new Set(),
  released: new Set(),
  taken: new Map(),
  joined: new Set(),
  sightings: [],
  log: [],
});
