import pMap from 'p-map';
import type { TablePart } from '../adapters/dynamodb/profile-scan.ts';
import type { Read } from '../adapters/dynamodb/read-profile.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../adapters/streams/backoff.ts';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { AccountOf, Profile, ProfileId } from '../core/profile/profile.ts';
import type { AggregateRegistry, Frozen } from '../core/segments/history/registry.ts';
import { silentOf } from '../core/segments/history/standing.ts';
import { isDecidedBy } from '../core/segments/membership.ts';
import type { Definitions } from '../core/segments/program/compile.ts';
import { accountsOfEach } from '../core/stitching/accounts.ts';
import type { StitchRules } from '../core/stitching/batch/rules.ts';
import type { StoredProfile } from '../core/stitching/batch/snapshot.ts';
import { type BringingRules, planAbsence } from '../core/stitching/history.ts';
import type { ProfileWrite, WriteOutcome } from '../core/stitching/profile-write.ts';
import { planWake } from '../core/stitching/wake.ts';
import { type DecisionAccount, Gathered } from './decision-account.ts';

/** The table, and how to write to it; without `write`, nothing changes. */
export interface DecideDeps {
  readonly config: CdpConfigInput;
  /** Since when aggregates count; undefined if all do since the first event. */
  readonly registry: () => Promise<AggregateRegistry | undefined>;
  readonly scan: (part: TablePart) => AsyncIterable<readonly Read[]>;
  readonly read: (profileIds: readonly string[]) => Promise<readonly Read[]>;
  /** The accounts of people, as far as segments ask about them. */
  readonly readAccounts: (people: readonly Profile[], definitions: Definitions) => Promise<AccountOf>;
  readonly write?: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly pause: WaitBeforeAttempt;
  readonly now: () => number;
  readonly tell?: (account: DecisionAccount) => void;
}

/** Histories that were brought to profiles: after that, all others learn that they have none. */
export interface Brought {
  /** The aggregates of the deployment, while these histories are being brought. */
  readonly registry: AggregateRegistry & { readonly frozen: Frozen };
  /** Profiles whose history could not be brought. */
  readonly lacking: ReadonlySet<ProfileId>;
  /** Whether a profile was counted when its history came. */
  readonly isCounted?: (profileId: ProfileId) => boolean;
}

/** Which parts of the table are read, and after how many entries it ends. */
export interface DecideRange {
  readonly parts: readonly TablePart[];
  readonly mostEntries?: number | undefined;
  readonly brought?: Brought | undefined;
}

const concurrentWrites = 32;

/**
 * Decides the segments of people and accounts whom other definitions decided, as the configuration defines them now. It
 * is safe to stop and to repeat: who is decided by these definitions is left alone, and nobody is announced twice.
 */
export async function decideSegments(
  { parts, mostEntries, brought }: DecideRange,
  { config, registry, ...rest }: DecideDeps,
  account = new Gathered(config.segments ?? []),
): Promise<DecisionAccount> {
  const rules = { ...parseConfig(config), registry: brought?.registry ?? (await registry()) };
  const deps = { ...rest, rules, brought };
  for (const part of parts)
    for await (const page of deps.scan(part)) {
      if (mostEntries !== undefined && account.entries >= mostEntries) return account.now(true);
      const ofPage = await accountsOfPage(page, deps);
      await pMap(page, (each) => decideOne(each, { ...deps, ofPage }, account), { concurrency: concurrentWrites });
      deps.tell?.(account.now(false));
    }
  return account.now(false);
}

/** The table, and rules that are checked. */
interface Deciding extends Omit<DecideDeps, 'config' | 'registry'> {
  readonly rules: StitchRules;
  readonly brought: Brought | undefined;
}

type AccountsOfEach = Awaited<ReturnType<typeof accountsOfEach>>;

/** The accounts of people of a page who may be written, each account once. */
function accountsOfPage(page: readonly Read[], deps: Deciding): Promise<AccountsOfEach> {
  const people = page.flatMap((each) => ('fault' in each ? [] : [each.profile]));
  const open = people.filter((profile) => isOpen(profile, deps));
  return accountsOfEach(open, (some) => deps.readAccounts(some, deps.rules));
}

/** Whether somebody may be written. */
const isOpen = (profile: Profile, { rules, brought }: Deciding): boolean =>
  brought !== undefined || !isDecidedBy(profile, rules);

/** What is decided with, and the accounts that were read with a page. */
interface OfPage extends Deciding {
  readonly ofPage: AccountsOfEach;
}

async function decideOne(first: Read, deps: OfPage, account: Gathered): Promise<void> {
  let found: Read | undefined = first;
  for (let attempt = 1; found !== undefined && attempt <= maxAttempts; attempt++) {
    if ('fault' in found) return account.fail();
    const { profile }: StoredProfile = found;
    if (!account.isAbout(profile) || deps.brought?.isCounted?.(profile.profileId)) return;
    const accountsOf = attempt === 1 ? deps.ofPage : await accountsOfPage([found], deps);
    const accountOf = accountsOf(profile.profileId);
    if (accountOf === undefined && isOpen(profile, deps)) return account.fail();
    const planned = plan(found, { ...deps, rules: { ...deps.rules, accountOf } });
    if (planned === undefined) return account.fail();
    const { write, lacks } = planned;
    if (write === undefined) return account.leave(profile, lacks);
    if (deps.write === undefined) return account.take(write, { written: false, lacks });
    const { kind } = await deps.write(write);
    if (kind === 'written') return account.take(write, { written: true, lacks });
    if (kind === 'refused') return account.fail();
    await deps.pause(attempt);
    [found] = await deps.read([profile.profileId]);
  }
  // A profile that is gone has merged into another, which is decided in its own turn.
  if (found !== undefined) account.fail();
}

/** What is written of somebody, if anything, and why something of them stays undecided. */
interface Planned {
  readonly write?: ProfileWrite;
  readonly lacks?: string | undefined;
}

function plan(stored: StoredProfile, { rules, brought, now }: Deciding): Planned | undefined {
  try {
    const at = () => new Date(now()).toISOString();
    const absence = brought && planAbsence(stored, brought.lacking, bringingRules(rules, brought), at());
    if (absence?.kind === 'planned') return absence;
    const lacks = absence?.kind === 'refused' ? absence.reason : lackIn(stored, rules);
    return isDecidedBy(stored.profile, rules) ? { lacks } : { lacks, write: planWake(stored, rules, at()) };
  } catch {
    return undefined;
  }
}

const bringingRules = (rules: StitchRules, { registry }: Brought): BringingRules => ({ ...rules, registry });

function lackIn({ profile }: StoredProfile, rules: StitchRules): string | undefined {
  const { segments, traits } = silentOf(rules, profile.collection, profile);
  return segments.size + traits.size > 0 ? 'its history is not there yet' : undefined;
}
