import { utf8Bytes } from '../../events/stream-record.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import type { IdentityRules } from '../../identifiers/rules.ts';
import { brokenLimit, type Link } from '../../limits/identifier-limit.ts';
import { isOlder } from '../../profile/join.ts';
import type { Profile, ProfileId } from '../../profile/profile.ts';

/** An identifier that is not used, and the rule that dropped it, e.g. `limit user_id 1 ever`. */
export interface Dropped {
  readonly identifier: Identifier;
  readonly rule: string;
}

/** Where an event belongs: the profiles it names (none, one, or several that merge) and the identifiers it keeps. */
export interface Placement {
  /** Oldest first; the first survives a merge. Empty if a new profile is made. */
  readonly profiles: readonly Profile[];
  readonly identifiers: readonly Identifier[];
  readonly dropped: readonly Dropped[];
  /** The cap or breaker that the event would exceed; the event is then not applied. */
  readonly capped?: string | undefined;
}

/** Input of a placement. `receivedAt` is the time at which new identifiers would be linked. */
export interface Placing {
  readonly identifiers: readonly Identifier[];
  readonly receivedAt: string;
  /** The profile of a correction, whatever is dropped. */
  readonly at?: Profile | undefined;
}

/**
 * Decides which profile owns identifiers seen together. While the union of their profiles would break a limit, it drops
 * the least trusted identifier and looks the rest up again. This is Segment's published algorithm.
 */
export function place(
  { identifiers, receivedAt, at }: Placing,
  ownerOf: (id: Identifier) => Profile | undefined,
  rules: IdentityRules,
): Placement {
  const dropped: Dropped[] = [];
  for (let kept = identifiers; ; kept = kept.slice(0, -1)) {
    const profiles = [...new Set([...(at ? [at] : []), ...kept.flatMap((id) => ownerOf(id) ?? [])])].sort((a, b) =>
      isOlder(a, b) ? -1 : 1,
    );
    const union = unionOf(profiles, kept, receivedAt);
    const rule = parted(profiles) ?? (union && brokenLimit(union, rules));
    const last = kept.at(-1);
    if (rule === undefined || last === undefined || (kept.length === 1 && at === undefined)) {
      return { profiles, identifiers: kept, dropped, capped: union && passedCap(profiles, union, receivedAt, rules) };
    }
    dropped.push({ identifier: last, rule });
  }
}

/** Each identifier of the union of profiles; undefined if nothing is added to a single profile. */
function unionOf(
  profiles: readonly Profile[],
  added: readonly Identifier[],
  receivedAt: string,
): Map<Identifier, Link> | undefined {
  const [only] = profiles;
  if (only && profiles.length === 1 && added.every((id) => only.identifiers.has(id))) return undefined;
  const union = new Map<Identifier, Link>();
  for (const { identifiers, profileId } of profiles)
    for (const [id, { linked }] of identifiers) union.set(id, { at: linked, to: profileId });
  for (const id of added) if (!union.has(id)) union.set(id, { at: receivedAt });
  return union;
}

/** Profiles that an operator unmerged never merge again, also after other merges. */
const parted = (profiles: readonly Profile[]): 'unmerged' | undefined =>
  profiles.some(
    (one) =>
      one.apart.size > 0 &&
      profiles.some((other) => other !== one && (one.apart.has(other.profileId) || hasAny(one.apart, other.merged))),
  )
    ? 'unmerged'
    : undefined;

const hasAny = (apart: ReadonlySet<ProfileId>, merged: ReadonlyMap<ProfileId, string>): boolean =>
  [...apart].some((id) => merged.has(id));

/** Bytes of a profile's identifiers, so that it always fits its item: one thousand of usual length. */
export const identifierBytes = 48 * 1024;

/** Counts exactly only near the limit; a UTF-16 unit takes at most three bytes. */
function bytesOf(identifiers: Iterable<Identifier>): number {
  const all = [...identifiers];
  const most = 3 * all.reduce((sum, id) => sum + id.length, 0);
  return most <= identifierBytes ? most : all.reduce((sum, id) => sum + utf8Bytes(id), 0);
}

/** Caps limit the size of a profile; the breaker stops a profile that merges too fast, whatever the limits allow. */
function passedCap(
  profiles: readonly Profile[],
  union: ReadonlyMap<Identifier, Link>,
  receivedAt: string,
  { caps, breaker }: IdentityRules,
): string | undefined {
  if (union.size > caps.identifiers) return `cap of ${caps.identifiers} identifiers`;
  if (bytesOf(union.keys()) > identifierBytes) return `cap of ${identifierBytes} bytes of identifiers`;
  const merges = profiles.length - 1;
  if (merges < 1) return undefined;
  const times = profiles.flatMap(({ merged }) => [...merged.values()]);
  if (times.length + merges > caps.merges) return `cap of ${caps.merges} merges`;
  const near = times.filter(
    (at) => Math.abs(Date.parse(receivedAt) - Date.parse(at)) < breaker.minutes * 60_000,
  ).length;
  return near + merges > breaker.merges
    ? `breaker of ${breaker.merges} merges in ${breaker.minutes} minutes`
    : undefined;
}
