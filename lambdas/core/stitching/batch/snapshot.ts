import type { Barrier } from '../../privacy/barrier.ts';
import type { Marks } from '../../profile/message-marks.ts';
import type { OwnerName } from '../../profile/owner-name.ts';
import type { Profile, ProfileId } from '../../profile/profile.ts';

/** A profile as it was read, with the version that a write expects. */
export interface StoredProfile {
  readonly profile: Profile;
  readonly version: number;
  /** The profile in the identifier's item: this one, or one that merged into it. */
  readonly given?: ProfileId;
}

/** Barriers of identifiers that have one, with or without an owner. */
export type Barriers = ReadonlyMap<OwnerName, Barrier>;

/** The live owner of each identifier of a batch that has one. */
export interface Snapshot extends ReadonlyMap<OwnerName, StoredProfile> {
  readonly barriers?: Barriers | undefined;
}

/** Owners with the barriers that their items have. */
export const snapshotOf = (owners: ReadonlyMap<OwnerName, StoredProfile>, barriers: Barriers): Snapshot =>
  Object.assign(new Map(owners), { barriers });

/** A profile that merges into another, with its own statements. It never changes again, unless it is restored. */
export interface Absorbed extends StoredProfile {
  /**
   * Messages that both the survivor and this profile, or one merged into it, applied. The survivor's marks expire;
   * these do not.
   */
  readonly shared: Marks;
}
