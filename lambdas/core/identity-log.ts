import type { Event } from './event.ts';
import type { Identifier } from './identifier.ts';
import type { ProfileId } from './profile.ts';

/** One decision about identity and why it was made; kept for good in the lake, written in the same write as its effect. */
export interface IdentityLogEntry {
  /**
   * `link`: an identifier joined the profile. `merge`: the profile absorbed another. `drop`: a limit kept an identifier out.
   * `block`: an identifier's value links nobody. `cap`: a cap or the breaker kept the whole event out; it is in quarantine. `unmerge`: an operator parted the profile from `apart`, to which it had been merged, or to which `identifier` had been linked.
   * `release`: by a correction of the lake the identifier is not this profile's.
   */
  readonly kind: 'link' | 'merge' | 'drop' | 'block' | 'cap' | 'unmerge' | 'release';
  /** Absent where a cap was passed before there was a profile. */
  readonly profileId?: ProfileId | undefined;
  readonly identifier?: Identifier;
  readonly absorbed?: ProfileId;
  readonly apart?: ProfileId;
  /** The rule that decided, e.g. `limit user_id 1 ever`. */
  readonly rule?: string;
  /** The event that brought it about, when it happened and when it was received. */
  readonly messageId: string;
  readonly timestamp: string;
  readonly at: string;
}

/** Names an event as the cause of a decision. */
export const causedBy = ({ messageId, timestamp, receivedAt }: Event): Pick<IdentityLogEntry, 'messageId' | 'timestamp' | 'at'> => ({
  messageId,
  timestamp,
  at: receivedAt,
});
