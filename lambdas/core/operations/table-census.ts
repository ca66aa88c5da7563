import type { Profile } from '../profile/profile.ts';
import { fingerprint } from '../values/fingerprint.ts';

/** What a profile table holds. */
export interface Census {
  readonly people: number;
  readonly accounts: number;
  readonly events: number;
  readonly merges: number;
}

/** Parts in which two profiles of one person may differ. */
const kindsOfDifference = ['identifiers', 'traits', 'segments', 'eventCount'] as const;

/** How the profiles of another table compare with the counted ones. */
export interface Comparison {
  readonly same: number;
  /** Differing profiles by the parts that differ; a profile may differ in several. */
  readonly differing: Readonly<Record<(typeof kindsOfDifference)[number], number>>;
  readonly onlyThere: number;
  readonly onlyHere: number;
}

/**
 * Counts the profiles of a table and compares another table with them. Profiles with the same first identifier are one.
 */
export class CountedProfiles {
  private readonly known = new Map<string, readonly string[]>();
  private readonly found = { people: 0, accounts: 0, events: 0, merges: 0, same: 0, onlyThere: 0 };
  private readonly differing = { identifiers: 0, traits: 0, segments: 0, eventCount: 0 };

  /** Counts a profile of the table; call it for all of them before `compare`. */
  count(profile: Profile): void {
    this.known.set(firstOf(profile), digestsOf(profile));
    this.found[profile.collection === 'users' ? 'people' : 'accounts'] += 1;
    this.found.events += profile.eventCount;
    this.found.merges += profile.merged.size;
  }

  /** Compares a profile of the other table. */
  compare(profile: Profile): void {
    const here = this.known.get(firstOf(profile));
    const there = digestsOf(profile);
    this.known.delete(firstOf(profile));
    const kinds = kindsOfDifference.filter((_, n) => here?.[n] !== there[n]);
    if (here === undefined) this.found.onlyThere += 1;
    else if (kinds.length === 0) this.found.same += 1;
    else for (const kind of kinds) this.differing[kind] += 1;
  }

  get census(): Census {
    const { people, accounts, events, merges } = this.found;
    return { people, accounts, events, merges };
  }

  get comparison(): Comparison {
    const { same, onlyThere } = this.found;
    return { same, differing: { ...this.differing }, onlyThere, onlyHere: this.known.size };
  }
}

/** The alphabetically first identifier names a profile; a profile without identifiers is named by its id. */
const firstOf = ({ collection, identifiers, profileId }: Profile): string =>
  `${collection} ${[...identifiers.keys()].sort()[0] ?? profileId}`;

/** In the order of `kindsOfDifference`. Segments are compared without the time of joining. */
const digestsOf = ({ identifiers, traits, segments, eventCount }: Profile): string[] =>
  [
    [...identifiers.keys()].sort(),
    [...traits].map(([name, { value }]) => [name, value]).sort(),
    [...segments.keys()].sort(),
    eventCount,
  ].map((value) => fingerprint(JSON.stringify(value)));
