import type { Marks } from '../profile/message-marks.ts';
import type { OwnerName } from '../profile/owner-name.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';

/** A profile as it was read: its content and the version a write must still find. */
export interface Stored {
  readonly profile: Profile;
  readonly version: number;
  /** The profile that the item of the identifier names by which it was found: this one, or one that merged into it. */
  readonly given?: ProfileId;
}

/** The live owner of each identifier of a batch that has one. */
export type Snapshot = ReadonlyMap<OwnerName, Stored>;

/** A profile that merges into another, with what was said to itself. It never changes again, unless it lives again. */
export interface Absorbed extends Stored {
  /** Messages that the survivor had taken in itself, and this profile or one below it, too. The survivor's own marks fade, and these do not. */
  readonly shared: Marks;
}
