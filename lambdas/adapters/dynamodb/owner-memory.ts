import { collectionOf, identifierOf, type OwnerName } from '../../core/profile/owner-name.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import type { Snapshot, StoredProfile } from '../../core/stitching/batch/snapshot.ts';

/** Names that one instance of a function remembers: some twenty megabytes. */
const mostRemembered = 100_000;

/**
 * Which profile has had an identifier, as one instance of a function saw it. It is a hint, so that the identifier's
 * item is not read again, and each use of it is proven by the profile (`provesOwner`). The names used last stay.
 */
export class OwnerMemory {
  private recent = new Map<OwnerName, ProfileId>();
  private older = new Map<OwnerName, ProfileId>();
  private readonly half: number;

  constructor(most: number = mostRemembered) {
    this.half = Math.max(1, Math.floor(most / 2));
  }

  get size(): number {
    return this.recent.size + this.older.size;
  }

  /** What is remembered of some names. */
  hints(names: Iterable<OwnerName>): Map<OwnerName, ProfileId> {
    const found = new Map<OwnerName, ProfileId>();
    for (const name of names) {
      const profileId = this.recent.get(name) ?? this.older.get(name);
      if (profileId !== undefined) found.set(name, profileId);
    }
    return found;
  }

  forget(names: Iterable<OwnerName>): void {
    for (const name of names) {
      this.recent.delete(name);
      this.older.delete(name);
    }
  }

  /** Remembers the owners that were read and prove it, and none of an identifier with a barrier. */
  note(snapshot: Snapshot): void {
    for (const [name, owner] of snapshot)
      if (provesOwner(owner, name) && snapshot.barriers?.has(name) !== true) this.set(name, owner.profile.profileId);
  }

  private set(name: OwnerName, profileId: ProfileId): void {
    this.older.delete(name);
    this.recent.set(name, profileId);
    if (this.recent.size < this.half) return;
    this.older = this.recent;
    this.recent = new Map();
  }
}

/**
 * Whether a live profile shows by itself that it has an identifier, and that the identifier's item says nothing more:
 * it lists the identifier, and none of its identifiers may have a barrier. Whoever takes an identifier from a profile
 * or sets a barrier writes the profile in the same transaction, so a write of it that expects its version proves this
 * until then.
 */
export const provesOwner = ({ profile }: StoredProfile, name: OwnerName): boolean =>
  !profile.barred && profile.collection === collectionOf(name) && profile.identifiers.has(identifierOf(name));
