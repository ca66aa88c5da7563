import type { Event } from '../../events/event.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import type { Profile, ProfileId } from '../../profile/profile.ts';
import type { SegmentChange } from '../../segments/changes.ts';

/** One identity decision and its cause; the lake keeps it for good, and the same write stores its effect. */
export interface IdentityLogEntry {
  /**
   * `link`: an identifier joined the profile. `merge`: the profile absorbed another. `drop`: a limit kept an identifier
   * out. `block`: an identifier's value links nobody. `cap`: a cap or the breaker kept the whole event out, which is in
   * quarantine. `unmerge`: an operator separated the profile from `apart`, which it had merged with or which had got
   * `identifier`. `release`: a correction of the lake removed the identifier from this profile, or its source released it, as `rule`
   * says; then a `link` tells the former name. `enter`: a merge made
   * the profile a member of the segment that `rule` names, and nobody is told, because its name was a member before.
   */
  readonly kind: 'link' | 'merge' | 'drop' | 'block' | 'cap' | 'unmerge' | 'release' | 'enter';
  /** Absent if a cap applied before a profile existed. */
  readonly profileId?: ProfileId | undefined;
  readonly identifier?: Identifier;
  readonly absorbed?: ProfileId;
  readonly apart?: ProfileId;
  /** The rule that decided, e.g. `limit user_id 1 ever`. */
  readonly rule?: string;
  /**
   * For a drop or block: how often it was decided in one batch, if more than once. Other fields describe the first
   * time.
   */
  readonly times?: number;
  /** For a link: the profile was made for its event. */
  readonly founds?: true;
  /** The event that caused it, its time and its receipt. */
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

/** Memberships that a profile has from a merge, and that are not announced: the lake counts stays by profile. */
export function quietEntries(
  log: readonly IdentityLogEntry[],
  before: Profile | undefined,
  after: Profile,
  changes: readonly SegmentChange[],
): IdentityLogEntry[] {
  const merge = log.findLast(({ kind }) => kind === 'merge');
  if (merge === undefined) return [];
  const { messageId, timestamp, at } = merge;
  const isTold = (key: string): boolean => changes.some(({ segment }) => segment === key);
  return [...after.segments.keys()]
    .filter((key) => !before?.segments.has(key) && !isTold(key))
    .map((rule) => ({ kind: 'enter', profileId: after.profileId, rule, messageId, timestamp, at }));
}

/**
 * Adds a decision. Repeated drops and blocks by the same rule and profile are counted in one entry, because every event
 * of a shared device repeats them.
 */
export function note(log: IdentityLogEntry[], entry: IdentityLogEntry): void {
  const at = entry.kind === 'drop' || entry.kind === 'block' ? log.findIndex((one) => isSame(one, entry)) : -1;
  const first = log[at];
  if (first === undefined) log.push(entry);
  else log.splice(at, 1, { ...first, times: (first.times ?? 1) + 1 });
}

const isSame = (a: IdentityLogEntry, b: IdentityLogEntry): boolean =>
  a.identifier === b.identifier && a.rule === b.rule && a.kind === b.kind && a.profileId === b.profileId;

/**
 * Bytes. Decisions stay in the profile's item until its next write, so one write may contain this many plus those of
 * its last event.
 */
const mostBytes = 48 * 1024;
/**
 * Bytes of an entry's JSON without the identifier and the message id, whose characters take at most three bytes each.
 */
const entryBytes = 250;

/** Whether one write has no room for more decisions. */
export const isFull = (logs: readonly (readonly IdentityLogEntry[])[]): boolean =>
  logs
    .flat()
    .reduce((sum, { identifier = '', messageId }) => sum + entryBytes + 3 * (identifier.length + messageId.length), 0) >
  mostBytes;
