import type { IdentityRules } from './config.ts';
import { type Identifier, typeOf } from './identifier.ts';
import { isOlder, type Profile } from './profile.ts';

/** Where an event belongs: the profiles it names (none, one, or several that merge) and the identifiers it keeps. */
export interface Placement {
  /** Oldest first; the first survives a merge. Empty: a new profile is made. */
  readonly profiles: readonly Profile[];
  readonly identifiers: readonly Identifier[];
  /** Dropped because a profile would have had more of its type than the rules allow. */
  readonly dropped: readonly Identifier[];
}

/**
 * Decides which profile owns identifiers seen together: while the profiles they name, taken as one, would break a limit,
 * the least trusted identifier is dropped and the rest is looked up again. This is Segment's published algorithm.
 */
export function place(identifiers: readonly Identifier[], ownerOf: (id: Identifier) => Profile | undefined, rules: IdentityRules): Placement {
  for (let kept = identifiers; kept.length > 0; kept = kept.slice(0, -1)) {
    const profiles = [...new Set(kept.flatMap((id) => ownerOf(id) ?? []))].sort((a, b) => (isOlder(a, b) ? -1 : 1));
    if (staysWithinLimits(profiles, kept, rules)) return { profiles, identifiers: kept, dropped: identifiers.slice(kept.length) };
  }
  return { profiles: [], identifiers: [], dropped: identifiers };
}

function staysWithinLimits(profiles: readonly Profile[], added: readonly Identifier[], rules: IdentityRules): boolean {
  const [only] = profiles;
  if (only && profiles.length === 1 && added.every((id) => only.identifiers.has(id))) return true;
  const union = new Set([...profiles.flatMap(({ identifiers }) => [...identifiers.keys()]), ...added]);
  const counts = Map.groupBy(union, typeOf);
  return [...counts].every(([type, ids]) => ids.length <= (rules.limits[type]?.max ?? rules.defaultLimit));
}
