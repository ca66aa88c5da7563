import { fingerprint } from '../profile/message-marks.ts';
import type { Profile } from '../profile/profile.ts';

/** What a profile table holds. */
export interface Census {
  readonly people: number;
  readonly accounts: number;
  readonly events: number;
  readonly merges: number;
}

/** What of two profiles of one person may differ. */
const kindsOfDifference = ['identifiers', 'traits', 'segments', 'eventCount'] as const;

/** How the profiles of another table are those that were counted. */
export interface Comparison {
  readonly same: number;
  /** Profiles that differ, by what differs; one may differ in several. */
  readonly differing: Readonly<Record<(typeof kindsOfDifference)[number], number>>;
  readonly onlyThere: number;
  readonly onlyHere: number;
}

/** Counts the profiles of a table, and compares those of another with them: of two tables those that share their first identifier are one. */
export class CountedProfiles {
  private readonly known = new Map<string, readonly string[]>();
  private readonly found = { people: 0, accounts: 0, events: 0, merges: 0, same: 0, onlyThere: 0 };
  private readonly differing = { identifiers: 0, traits: 0, segments: 0, eventCount: 0 };

  /** Takes in a profile of the table itself. All of them come before any of the other. */
  count(profile: Profile): void {
    this.known.set(firstOf(profile), digestsOf(profile));
    this.found[profile.collection === 'users' ? 'people' : 'accounts'] += 1;
    this.found.events += profile.eventCount;
    this.found.merges += profile.merged.size;
  }

  /** Takes in a profile of the other table. */
  compare(profile: Profile): void {
    const [here, there] = [this.known.get(firstOf(profile)), digestsOf(profile)];
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

/** The first of the alphabet names a profile, whatever its id; one that lost all of them is named by its id. */
const firstOf = ({ collection, identifiers, profileId }: Profile): string =>
  `${collection} ${[...identifiers.keys()].sort()[0] ?? profileId}`;

/** In the order of `kindsOfDifference`. Who is in which segment matters, not since when. */
const digestsOf = ({ identifiers, traits, segments, eventCount }: Profile): string[] =>
  [
    [...identifiers.keys()].sort(),
    [...traits].map(([name, { value }]) => [name, value]).sort(),
    [...segments.keys()].sort(),
    eventCount,
  ].map((value) => fingerprint(JSON.stringify(value)));
