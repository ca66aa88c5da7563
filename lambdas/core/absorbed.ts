import { displacedBy, type Facts, joinFacts } from './facts.ts';
import type { Group } from './group.ts';
import type { Profile } from './profile.ts';
import { boundFacts } from './profile-bound.ts';
import type { Stored } from './working-set.ts';

/** A profile that merges into another, as it was until then, and what undoing the merge takes. */
export interface Absorbed extends Stored {
  /** What the survivor said and this profile hid. */
  readonly displaced: Facts;
  /** Messages that both had counted. */
  readonly countedTwice: number;
}

/** A group's profile without what it claims in this batch, for the survivor claims that. */
export const unclaimed = ({ draft, claimed }: Group): Profile =>
  claimed.size === 0 ? draft : { ...draft, identifiers: new Map([...draft.identifiers].filter(([id]) => !claimed.has(id))) };

const nothing: Facts = { traits: new Map(), accounts: new Map(), segments: new Map(), marks: new Map(), touches: {}, recent: [], apart: new Set() };

/** The stored profiles that are lost when a group is absorbed: its own, unless this batch made it, and those it absorbed before. */
export function lostBy(group: Group): Absorbed[] {
  const own = group.bases.find(({ profile }) => profile.profileId === group.draft.profileId);
  const alone = group.alone ?? unclaimed(group);
  return [...(own ? [{ profile: alone, version: own.version, displaced: nothing, countedTwice: 0 }] : []), ...group.absorbed];
}

/** Adds what the survivor of another merge can no longer tell. */
export function hideBehind(survivor: Profile, { displaced, countedTwice, ...lost }: Absorbed): Absorbed {
  const shared = [...lost.profile.marks.keys()].filter((mark) => survivor.marks.has(mark)).length;
  return { ...lost, displaced: boundFacts(joinFacts(displaced, displacedBy(survivor, lost.profile))), countedTwice: countedTwice + shared };
}
