import type { Identifier } from '../identifiers/identifier.ts';
import type { Barrier } from '../privacy/barrier.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import type { SegmentChange, ToldAgain } from '../segments/changes.ts';
import type { IdentityLogEntry } from './batch/identity-log.ts';
import type { Sighting } from './batch/sighting.ts';
import type { Absorbed } from './batch/snapshot.ts';
import type { MemberItems } from './members.ts';

/** One atomic write: a profile's next state, the profiles it absorbs and the identifiers it claims. */
export interface ProfileWrite {
  readonly profile: Profile;
  /** Expected version of the profile; undefined if it must not exist yet. */
  readonly version: number | undefined;
  /** Profiles that become tombstones, each with its expected version. */
  readonly absorbed: readonly Absorbed[];
  /** Identifiers that the profile owns from now on; they must have no owner, unless this write releases them. */
  readonly claimed: readonly Identifier[];
  /** Identifiers that an owner in this write gives away; nobody owns them afterwards, unless this write claims them. */
  readonly released: readonly Identifier[];
  /** Claimed identifiers whose item must still name a certain profile of the other collection. */
  readonly taken: ReadonlyMap<Identifier, ProfileId>;
  /**
   * Barriers of claimed and released identifiers, which their items keep, and of those whose former names are claimed.
   */
  readonly barriers?: ReadonlyMap<Identifier, Barrier> | undefined;
  readonly changes: readonly SegmentChange[];
  /** Keys of computed traits that destinations are to be told. */
  readonly traits?: readonly string[] | undefined;
  /** What destinations are to be told again, also if they know it. */
  readonly again?: readonly ToldAgain[] | undefined;
  /** Identity decisions and their causes. */
  readonly log: readonly IdentityLogEntry[];
  /** Sightings that this write applies. */
  readonly sightings: readonly Sighting[];
  /** Items by which accounts find the person, where a segment of people asks about accounts. */
  readonly members?: MemberItems | undefined;
  /** Trait values of the batch or of the old profile that had no room. */
  readonly unkept: number;
}

/**
 * Result of a write. `contended`: another writer was first or the table throttled, so read and plan again. `refused`:
 * it can never be stored; `cause` is the exception if packing failed.
 */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'contended' }
  | { readonly kind: 'refused'; readonly reason: string; readonly cause?: unknown };
