import type { Profile } from '../core/profile/profile.ts';
import type { SegmentDefinition } from '../core/segments/language/definitions.ts';
import type { ProfileWrite } from '../core/stitching/profile-write.ts';

/** What became, or would become, of the members of a segment. */
export interface SegmentEffect {
  /** Of a segment of accounts. */
  readonly of?: 'accounts';
  readonly members: number;
  readonly entered: number;
  readonly exited: number;
  /** Profiles of some who entered. */
  readonly examples: readonly string[];
}

/** Profiles that were looked at, and what was found. */
export interface DecisionAccount {
  readonly people: number;
  /** None where no segment is about accounts. */
  readonly accounts: number;
  /** Those who are decided again: other definitions decided them, or none, or they get a history. */
  readonly outdated: number;
  readonly written: number;
  /** Those whose profile cannot be read, decided or written. */
  readonly failed: number;
  readonly segments: ReadonlyMap<string, SegmentEffect>;
  /** Those of whom something stays undecided, because they lack a history: how many, by the reason. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Whether it ended before all parts were read, because of its budget. */
  readonly stopped: boolean;
}

/** What was done of a plan. */
interface Done {
  readonly written: boolean;
  readonly lacks?: string | undefined;
}

/** Gathers what becomes of people, one after another. */
export class Gathered {
  entries = 0;
  private people = 0;
  private accounts = 0;
  private outdated = 0;
  private written = 0;
  private failed = 0;
  private readonly waiting = new Map<string, number>();
  private readonly segments = new Map<string, SegmentEffect>();

  constructor(segments: readonly Pick<SegmentDefinition, 'key' | 'of'>[]) {
    for (const { key, of } of segments) this.segments.set(key, of === 'accounts' ? { ...nobody, of } : nobody);
  }

  /** All people, and accounts that are in segments or could be. */
  isAbout({ collection, segments }: Profile): boolean {
    return (
      collection === 'users' || segments.size > 0 || [...this.segments.values()].some(({ of }) => of !== undefined)
    );
  }

  /** Somebody whom these definitions decided before; `lacks` says why something of them stays undecided. */
  leave({ collection, segments }: Profile, lacks?: string): void {
    if (collection === 'users') this.people += 1;
    else this.accounts += 1;
    if (lacks !== undefined) this.waiting.set(lacks, (this.waiting.get(lacks) ?? 0) + 1);
    for (const key of segments.keys()) this.add(key, { members: 1 });
  }

  take(planned: ProfileWrite, { lacks, ...done }: Done): void {
    this.leave(planned.profile, lacks);
    this.change(planned, done);
  }

  /** Somebody who is counted among the people at another time. */
  change({ profile, changes }: ProfileWrite, { written }: Done): void {
    this.outdated += 1;
    if (written) this.written += 1;
    for (const { segment, change } of changes) {
      const isEntry = change === 'entered';
      this.add(segment, isEntry ? { entered: 1, examples: [profile.profileId] } : { exited: 1 });
      if (isEntry) this.entries += 1;
    }
  }

  fail(): void {
    this.people += 1;
    this.failed += 1;
  }

  now(stopped: boolean): DecisionAccount {
    const { people, accounts, outdated, written, failed } = this;
    const maps = { segments: new Map(this.segments), waiting: new Map(this.waiting) };
    return { people, accounts, outdated, written, failed, stopped, ...maps };
  }

  private add(key: string, { members = 0, entered = 0, exited = 0, examples = [] }: Partial<SegmentEffect>): void {
    const known = this.segments.get(key) ?? nobody;
    this.segments.set(key, {
      ...known,
      members: known.members + members,
      entered: known.entered + entered,
      exited: known.exited + exited,
      examples: [...known.examples, ...examples].slice(0, mostExamples),
    });
  }
}

const mostExamples = 10;
const nobody: SegmentEffect = { members: 0, entered: 0, exited: 0, examples: [] };
