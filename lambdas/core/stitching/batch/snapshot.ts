import type { Barrier } from '../../privacy/barrier.ts';
import type { Marks } from '../../profile/message-marks.ts';
import type { OwnerName } from '../../profile/owner-name.ts';
import type { Profile, ProfileId } from '../../profile/profile.ts';

/** What an identifier's item says of its owner: who got it, and from which message. */
export interface Given {
  readonly profileId: ProfileId;
  readonly messageId?: string | undefined;
  readonly at?: string | undefined;
  readonly founds?: true | undefined;
}

/** A profile as it was read, with the version that a write expects. */
export interface StoredProfile {
  readonly profile: Profile;
  readonly version: number;
  /** The profile in the identifier's item: this one, or one that merged into it. */
  readonly given?: ProfileId;
  /** The same, with the cause of the link. */
  readonly owner?: Given | undefined;
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

/** What two reads found. A profile that both have is as the later one has it, so that a write of it can succeed. */
export function joinSnapshots(earlier: Snapshot, later: Snapshot): Snapshot {
  const newest = new Map(
    [...earlier, ...later].map(([, { profile, version }]) => [profile.profileId, { profile, version }]),
  );
  const owners = [...earlier, ...later].map(
    ([name, stored]) => [name, { ...stored, ...newest.get(stored.profile.profileId) }] as const,
  );
  return snapshotOf(new Map(owners), new Map([...(earlier.barriers ?? []), ...(later.barriers ?? [])]));
}

/** A profile that merges into another, with its own statements. It never changes again, unless it is restored. */
export interface Absorbed extends StoredProfile {
  /**
   * Messages that both the survivor and this profile, or one merged into it, applied. The survivor's marks expire;
   * these do not.
   */
  readonly shared: Marks;
}
