import type { ProfileId } from '../profile/profile.ts';

/** Under which names a destination was told that somebody entered a segment, and since when they were in it. */
export interface Told {
  /** Names and addresses as texts: `userId:ann`, `email:ann@example.com`. */
  readonly names: ReadonlySet<string>;
  /**
   * Names that it was told are no longer in, while a message may come again whose attempt told that they are; undefined
   * if there are none.
   */
  readonly left?: ReadonlySet<string> | undefined;
  readonly since?: string | undefined;
  /** Profiles under whose ids names are recorded. */
  readonly holders?: readonly string[] | undefined;
}

/** Remembers under which names a destination was told of whom, by profile and segment. */
export interface DeliveryMemory {
  /** What was told while these profiles were told of; undefined if nothing is recorded. */
  readonly recall: (profileIds: readonly ProfileId[], segment: string) => Promise<Told | undefined>;
  /** Records names before the destination is told them. */
  readonly remember: (profileId: ProfileId, segment: string, told: Told) => Promise<void>;
  /** Notes that the destination has been told that names are no longer in. */
  readonly forget: (profileIds: readonly ProfileId[], segment: string, names: readonly string[]) => Promise<void>;
}
