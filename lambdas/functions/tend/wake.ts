import pMap from 'p-map';
import type { Waking } from '../../adapters/dynamodb/due-index.ts';
import type { Read } from '../../adapters/dynamodb/read-profile.ts';
import type { AccountOf, Profile, ProfileId } from '../../core/profile/profile.ts';
import { isDue, nextTry } from '../../core/segments/due/due-time.ts';
import type { Definitions } from '../../core/segments/program/compile.ts';
import { accountsOfEach } from '../../core/stitching/accounts.ts';
import type { StitchRules } from '../../core/stitching/batch/rules.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/profile-write.ts';
import type { planWake } from '../../core/stitching/wake.ts';
import { errorNameOf } from '../../core/values/thrown.ts';

/** Everything that waking profiles works with. */
export interface WakeDeps {
  readonly config: StitchRules;
  /** Reads live profiles. A profile that is gone or merged is left out. */
  readonly read: (profileIds: readonly string[]) => Promise<readonly Read[]>;
  /** The accounts of people, as far as segments ask about them. */
  readonly readAccounts: (people: readonly Profile[], definitions: Definitions) => Promise<AccountOf>;
  readonly plan: typeof planWake;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  /** Makes a profile due later, unless somebody has written it or it is due before. */
  readonly putOff: (entry: Waking, later: number) => Promise<void>;
  /** Waits before the attempt that follows attempt number `attempt`. */
  readonly pause: (attempt: number) => Promise<unknown>;
  readonly now: () => number;
  /** Logs what an operator must look at. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

/** What became of profiles. */
export interface Wakes {
  readonly woken: number;
  readonly failed: number;
}

/** The same, with those that were not written because others write them, and accounts whose people must be woken. */
export interface WakeResult extends Wakes {
  /** They stay due. */
  readonly contended: number;
  readonly telling: readonly ProfileId[];
}

/** How often contended profiles are read and planned again before they are left to the next invocation. */
export const maxAttempts = 8;
/** Writes at the same time; each is one round trip to the table. */
const concurrentWrites = 16;

/**
 * Wakes profiles: reads them, evaluates what changes by itself and writes them on condition that nobody else did. A
 * profile that somebody else woke is no longer due. One that cannot be read, evaluated or stored is put off, so that it
 * neither holds up others nor is tried again at once. With `always`, all are written, whether they are due or not, and
 * change or not: what others have planned by what they read before is then contended.
 */
export async function wake(entries: readonly Waking[], deps: WakeDeps, always = false): Promise<WakeResult> {
  const total = { woken: 0, failed: 0 };
  const telling: ProfileId[] = [];
  let open = new Map(entries.map((entry) => [entry.profileId, entry]));
  for (let attempt = 1; open.size > 0 && attempt <= maxAttempts; attempt++) {
    if (attempt > 1) await deps.pause(attempt - 1);
    const found = await deps.read([...open.keys()]);
    const people = found.flatMap((each) => ('fault' in each ? [] : [each.profile]));
    const accountsOf = await accountsOfEach(people, (some) => deps.readAccounts(some, deps.config));
    const wakeEach = (each: Read): Promise<Outcome> =>
      wakeOne(each, { ...deps, config: { ...deps.config, accountOf: accountsOf(idOf(each)) } }, always);
    const outcomes = await pMap(found, wakeEach, { concurrency: concurrentWrites });
    const ids = (kind: Outcome['kind']): string[] =>
      found.flatMap((each, at) => (outcomes[at]?.kind === kind ? [idOf(each)] : []));
    for (const [at, outcome] of outcomes.entries())
      if (outcome.kind === 'failed') await putOff(open.get(idOf(found[at] as Read)), outcome.reason, deps);
    telling.push(...found.flatMap((each, at) => (isTelling(outcomes[at]) ? [idOf(each)] : [])));
    total.woken += ids('woken').length;
    total.failed += ids('failed').length;
    open = new Map(ids('contended').flatMap((id) => entriesOf(open.get(id))));
  }
  return { ...total, contended: open.size, telling };
}

const isTelling = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && 'isTelling' in outcome && outcome.isTelling;

type Outcome =
  | { readonly kind: 'woken' | 'asleep'; readonly isTelling: boolean }
  | { readonly kind: 'contended' }
  | { readonly kind: 'failed'; readonly reason: string };

async function wakeOne(read: Read, { config, plan, write, now }: WakeDeps, always: boolean): Promise<Outcome> {
  if ('fault' in read) return failed(read.fault);
  const at = now();
  if (!always && !isDue(read.profile, at)) return { kind: 'asleep', isTelling: false };
  if (read.profile.telling !== undefined) return { kind: 'asleep', isTelling: true };
  let planned: ProfileWrite;
  try {
    planned = plan(read, config, new Date(at).toISOString());
  } catch (thrown) {
    return failed(thrown);
  }
  // It would be woken for ever.
  if (isDue(planned.profile, at)) return { kind: 'failed', reason: 'due again at once' };
  const outcome = await write(planned);
  if (outcome.kind === 'contended') return outcome;
  if (outcome.kind === 'written') return { kind: 'woken', isTelling: planned.profile.telling !== undefined };
  return { kind: 'failed', reason: outcome.reason };
}

const failed = (thrown: unknown): Outcome => ({ kind: 'failed', reason: errorNameOf(thrown) });

/** Lets a profile that could not be woken be tried again later. */
export async function putOff(entry: Waking | undefined, reason: string, deps: WakeDeps): Promise<void> {
  if (entry === undefined) return;
  deps.warn('a profile could not be woken, and is put off for an hour', { profileId: entry.profileId, reason });
  await deps.putOff(entry, nextTry(deps.now()));
}

const idOf = (read: Read): string => ('fault' in read ? read.profileId : read.profile.profileId);
const entriesOf = (entry: Waking | undefined): [string, Waking][] =>
  entry === undefined ? [] : [[entry.profileId, entry]];
