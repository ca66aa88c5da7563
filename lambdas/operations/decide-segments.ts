import pMap from 'p-map';
import type { TablePart } from '../adapters/dynamodb/profile-scan.ts';
import type { Read } from '../adapters/dynamodb/read-profile.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../adapters/streams/backoff.ts';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { Profile } from '../core/profile/profile.ts';
import type { AggregateRegistry } from '../core/segments/history/registry.ts';
import { isDecidedBy } from '../core/segments/membership.ts';
import type { StitchRules } from '../core/stitching/batch/rules.ts';
import type { StoredProfile } from '../core/stitching/batch/snapshot.ts';
import type { ProfileWrite, WriteOutcome } from '../core/stitching/plan.ts';
import { planWake } from '../core/stitching/wake.ts';

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
  /** Those whom other definitions decided, or none. */
  readonly outdated: number;
  readonly written: number;
  /** Those whose profile cannot be read, decided or written. */
  readonly failed: number;
  readonly segments: ReadonlyMap<string, SegmentEffect>;
  /** Whether it ended before all parts were read, because of its budget. */
  readonly stopped: boolean;
}

/** The table, and how to write to it; without `write`, nothing changes. */
export interface DecideDeps {
  readonly config: CdpConfigInput;
  /** Since when aggregates count; undefined if all do since the first event. */
  readonly registry: () => Promise<AggregateRegistry | undefined>;
  readonly scan: (part: TablePart) => AsyncIterable<readonly Read[]>;
  readonly read: (profileIds: readonly string[]) => Promise<readonly Read[]>;
  readonly write?: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly pause: WaitBeforeAttempt;
  readonly now: () => number;
  readonly tell?: (account: DecisionAccount) => void;
}

/** Which parts of the table are read, and after how many entries it ends. */
export interface DecideRange {
  readonly parts: readonly TablePart[];
  readonly mostEntries?: number | undefined;
}

const concurrentWrites = 32;

/**
 * Decides the segments of people and accounts whom other definitions decided, as the configuration defines them now. It
 * is safe to stop and to repeat: who is decided by these definitions is left alone, and nobody is announced twice.
 */
export async function decideSegments(
  { parts, mostEntries }: DecideRange,
  { config: input, ...rest }: DecideDeps,
): Promise<DecisionAccount> {
  const deps = { ...rest, config: { ...parseConfig(input), registry: await rest.registry() } };
  const account = new Account(deps.config);
  for (const part of parts)
    for await (const page of deps.scan(part)) {
      if (mostEntries !== undefined && account.entries >= mostEntries) return account.now(true);
      await pMap(page, (each) => decideOne(each, deps, account), { concurrency: concurrentWrites });
      deps.tell?.(account.now(false));
    }
  return account.now(false);
}

/** The table, and rules that are checked. */
interface Deciding extends Omit<DecideDeps, 'config'> {
  readonly config: StitchRules;
}

async function decideOne(first: Read, deps: Deciding, account: Account): Promise<void> {
  let found: Read | undefined = first;
  for (let attempt = 1; found !== undefined && attempt <= maxAttempts; attempt++) {
    if ('fault' in found) return account.fail();
    if (!account.isAbout(found.profile)) return;
    if (isDecidedBy(found.profile, deps.config)) return account.leave(found.profile);
    const planned = plan(found, deps);
    if (planned === undefined) return account.fail();
    if (deps.write === undefined) return account.take(planned, { written: false });
    const { kind } = await deps.write(planned);
    if (kind === 'written') return account.take(planned, { written: true });
    if (kind === 'refused') return account.fail();
    await deps.pause(attempt);
    [found] = await deps.read([found.profile.profileId]);
  }
  // A profile that is gone has merged into another, which is decided in its own turn.
  if (found !== undefined) account.fail();
}

function plan(stored: StoredProfile, { config, now }: Deciding): ProfileWrite | undefined {
  try {
    return planWake(stored, config, new Date(now()).toISOString());
  } catch {
    return undefined;
  }
}

class Account {
  entries = 0;
  private people = 0;
  private accounts = 0;
  private outdated = 0;
  private written = 0;
  private failed = 0;
  private readonly segments = new Map<string, SegmentEffect>();

  constructor({ segments }: StitchRules) {
    for (const { key, of } of segments) this.segments.set(key, of === 'accounts' ? { ...nobody, of } : nobody);
  }

  /** All people, and accounts that are in segments or could be. */
  isAbout({ collection, segments }: Profile): boolean {
    return (
      collection === 'users' || segments.size > 0 || [...this.segments.values()].some(({ of }) => of !== undefined)
    );
  }

  /** Somebody whom these definitions decided before. */
  leave({ collection, segments }: Profile): void {
    if (collection === 'users') this.people += 1;
    else this.accounts += 1;
    for (const key of segments.keys()) this.add(key, { members: 1 });
  }

  take({ profile, changes }: ProfileWrite, done: { written: boolean }): void {
    this.leave(profile);
    this.outdated += 1;
    if (done.written) this.written += 1;
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
    const { people, accounts, outdated, written, failed, segments } = this;
    return { people, accounts, outdated, written, failed, segments: new Map(segments), stopped };
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
