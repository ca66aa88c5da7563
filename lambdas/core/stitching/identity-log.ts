import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { ProfileId } from '../profile/profile.ts';

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
  /** Of a drop or block: how often it was decided in one batch, where more than once. All else tells of the first time. */
  readonly times?: number;
  /** Of a link: the profile was made for the event that brought it about. */
  readonly founds?: true;
  /** The event that brought it about, when it happened and when it was received. */
  readonly messageId: string;
  readonly timestamp: string;
  readonly at: string;
}

/** Names an event as the cause of a decision. */
export const causedBy = ({
  messageId,
  timestamp,
  receivedAt,
}: Event): Pick<IdentityLogEntry, 'messageId' | 'timestamp' | 'at'> => ({
  messageId,
  timestamp,
  at: receivedAt,
});

/** Notes a decision. One that keeps out what the same rule has kept out of the same profile before is counted with it: shared devices are said by every event. */
export function note(log: IdentityLogEntry[], entry: IdentityLogEntry): void {
  const at = entry.kind === 'drop' || entry.kind === 'block' ? log.findIndex((one) => isSame(one, entry)) : -1;
  const first = log[at];
  if (first === undefined) log.push(entry);
  else log.splice(at, 1, { ...first, times: (first.times ?? 1) + 1 });
}

const isSame = (a: IdentityLogEntry, b: IdentityLogEntry): boolean =>
  a.identifier === b.identifier && a.rule === b.rule && a.kind === b.kind && a.profileId === b.profileId;

/** Decisions lie in the profile's item until its next write, so one write tells of no more than this and what its last event adds. */
const mostBytes = 48 * 1024;
/** Of an entry as JSON, but for the identifier and the message id; their characters take three bytes at the most. */
const entryBytes = 250;

/** Says whether one write could not hold more decisions than these. */
export const isFull = (logs: readonly (readonly IdentityLogEntry[])[]): boolean =>
  logs
    .flat()
    .reduce((sum, { identifier = '', messageId }) => sum + entryBytes + 3 * (identifier.length + messageId.length), 0) >
  mostBytes;
