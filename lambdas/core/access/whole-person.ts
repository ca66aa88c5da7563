import { releasedIn } from '../identifiers/former-name.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Owner } from '../operations/explain.ts';
import type { MergedPerson } from '../operations/unmerge-parts.ts';
import type { Profile } from '../profile/profile.ts';

/** A person with everything that merged in, and whose each identifier is now. */
export interface WholePerson extends Pick<MergedPerson, 'live' | 'tombstones'> {
  readonly links: ReadonlyMap<Identifier, Owner>;
  /** Identifiers that the person or what merged in once had, and that somebody else has now. */
  readonly elsewhere: readonly Identifier[];
}

/** The live profile, and those that merged into it. */
export const profilesOf = ({ live, tombstones }: Pick<WholePerson, 'live' | 'tombstones'>): readonly Profile[] => [
  live.profile,
  ...[...tombstones.values()].map(({ profile }) => profile),
];

/** Tells whether an identifier is the person's own, or was when an event named it. */
export type IsTheirs = (id: Identifier, at?: string) => boolean;

/** Makes what tells a person's own identifiers from those of others, who may share a device. */
export function theirsOf(person: WholePerson): IsTheirs {
  const others = new Set(person.elsewhere);
  const own = profilesOf(person).flatMap(({ identifiers }) => [...identifiers.keys()]);
  const theirs = new Set(own.filter((id) => !others.has(id)));
  const until = new Map(
    own.flatMap((id) => {
      const released = releasedIn(id);
      return released === undefined ? [] : [[released.identifier, released.at] as const];
    }),
  );
  return (id, at) => theirs.has(id) || (at !== undefined && Date.parse(at) <= Date.parse(until.get(id) ?? ''));
}
