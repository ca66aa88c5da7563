import pMap from 'p-map';
import { maxAttempts, type WaitBeforeAttempt } from '../../adapters/streams/backoff.ts';
import { unlessFault } from '../../core/events/event-fault.ts';
import { type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { AccountOf, Collection, Profile, ProfileId } from '../../core/profile/profile.ts';
import type { Bringing } from '../../core/segments/history/history.ts';
import { registryFor } from '../../core/segments/history/registry.ts';
import { programOf } from '../../core/segments/program/compile.ts';
import { accountNames, accountsIn } from '../../core/stitching/accounts.ts';
import type { Snapshot, StoredProfile } from '../../core/stitching/batch/snapshot.ts';
import { type BringingRules, type PersonHistory, planHistory } from '../../core/stitching/history.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/profile-write.ts';
import type { Gathered } from '../decision-account.ts';
import { type LakePerson, peopleIn } from './people.ts';

/** Where the histories are, the table, and how to write to it; without `write`, nothing changes. */
export interface BringDeps {
  readonly rules: BringingRules;
  /** Lines of a file of the run. */
  readonly lines: (key: string) => AsyncIterable<string>;
  readonly load: (names: Iterable<OwnerName>) => Promise<Snapshot>;
  /** The live profile at an id, or at the end of its tombstones. */
  readonly loadAt: (profileId: ProfileId) => Promise<StoredProfile | undefined>;
  readonly write?: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly pause: WaitBeforeAttempt;
  readonly now: () => number;
  /** Hears of how many people the histories were read. */
  readonly brought?: (people: number) => void;
}

/** Files to read, and after how many entries it ends. */
export interface BringRange {
  readonly files: readonly string[];
  readonly mostEntries?: number | undefined;
}

/** What came of it. */
export interface BringAccount {
  /** People of the lake whose history was read. */
  readonly people: number;
  /** Profiles whose history could not be brought. */
  readonly lacking: ReadonlySet<ProfileId>;
  /** Profiles that get a history, where nothing is written: who is asked later does not count them again. */
  readonly counted: ReadonlySet<ProfileId>;
  /** Whether it ended before everything was read, because of its budget. */
  readonly stopped: boolean;
}

const atOnce = 100;
const concurrentWrites = 32;

/**
 * Brings histories to the profiles of their people, whose segments are decided then. It is safe to stop and to repeat:
 * a history that is there is left alone, and nobody is announced twice.
 */
export async function bringHistories(
  { files, mostEntries = Number.POSITIVE_INFINITY }: BringRange,
  deps: BringDeps,
  account: Gathered,
): Promise<BringAccount> {
  const bringing = { users: bringingOf(deps.rules, 'users'), accounts: bringingOf(deps.rules, 'accounts') };
  const lacking = new Set<ProfileId>();
  const counted = new Set<ProfileId>();
  let people = 0;
  for (const file of files)
    for await (const page of pagesOf(peopleIn(deps.lines(file), bringing), atOnce)) {
      if (account.entries >= mostEntries) return { people, lacking, counted, stopped: true };
      await pMap(page, (one) => bringOne(one, deps, { account, lacking, counted }), { concurrency: concurrentWrites });
      people += page.length;
      deps.brought?.(people);
    }
  return { people, lacking, counted, stopped: false };
}

const bringingOf = (rules: BringingRules, collection: Collection): Bringing => ({
  program: programOf(rules, collection),
  registry: registryFor(rules.registry, collection),
  frozen: rules.registry.frozen,
});

interface Outcomes {
  readonly account: Gathered;
  readonly lacking: Set<ProfileId>;
  readonly counted: Set<ProfileId>;
}

async function bringOne({ history, ...person }: LakePerson, deps: BringDeps, outcomes: Outcomes): Promise<void> {
  const { account, lacking, counted } = outcomes;
  const lack = (ids: readonly ProfileId[]): void => ids.forEach((id) => void lacking.add(id));
  let covers: readonly ProfileId[] = [];
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const whose = await ownerOf(person, deps);
    covers = whose.covers;
    const { stored } = whose;
    if (stored === undefined) return lack(covers);
    const accountOf = await unlessFault(() => accountsOf(stored.profile, deps));
    if (accountOf === undefined) return lack(covers);
    const plan = planHistory(
      stored,
      { ...whose, history },
      { ...deps.rules, accountOf },
      new Date(deps.now()).toISOString(),
    );
    if (plan.kind === 'had') return;
    if (plan.kind === 'refused') return lack(covers);
    if (deps.write === undefined) {
      if (counted.has(stored.profile.profileId)) return;
      counted.add(stored.profile.profileId);
      return account.take(plan.write, { written: false });
    }
    const { kind } = await deps.write(plan.write);
    if (kind === 'written') return account.change(plan.write, { written: true });
    if (kind === 'refused') return lack(covers);
    await deps.pause(attempt);
  }
  lack(covers);
}

/** Whose a history is, by the table: the profiles that it covers, and the one that lives. */
interface Whose extends Omit<PersonHistory, 'history'> {
  /** Undefined where nobody can be told: those whom it covers lack it. */
  readonly stored?: StoredProfile;
}

async function ownerOf({ profileId, ...person }: Omit<LakePerson, 'history'>, deps: BringDeps): Promise<Whose> {
  const names = person.identifiers.map((identifier) => ownerName(person.collection, identifier));
  const found = await unlessFault(() => deps.load(names));
  if (found === undefined) return { covers: await readable(names, deps) };
  const owners = [...found.values()];
  const [stored] = owners;
  if (stored === undefined) return withoutNames(profileId, deps);
  if (owners.some((owner) => isOf(profileId, owner))) return { covers: coversOf(owners), stored };
  const other = await unlessFault(() => deps.loadAt(profileId));
  return { covers: coversOf(other === undefined ? owners : [...owners, other]), stored };
}

/** Whether a profile is part of somebody, or was given one of their identifiers. */
const isOf = (profileId: ProfileId, { given, profile }: StoredProfile): boolean =>
  given === profileId || profile.profileId === profileId || profile.merged.has(profileId);

/**
 * Nobody has these identifiers any more. The profile that had them counted these events, so it is named by its id; if
 * others merged into it, nobody knows which of the events are theirs.
 */
async function withoutNames(profileId: ProfileId, { loadAt }: BringDeps): Promise<Whose> {
  const read = await unlessFault(async () => ({ found: await loadAt(profileId) }));
  const stored = read?.found;
  if (stored === undefined) return { covers: read === undefined ? [profileId] : [] };
  const { profile } = stored;
  return { covers: [profileId], isShared: profile.profileId === profileId && profile.merged.size > 0, stored };
}

const coversOf = (owners: readonly StoredProfile[]): ProfileId[] => [
  ...new Set(owners.map(({ given, profile }) => given ?? profile.profileId)),
];

/** The profiles that some names lead to, but those that cannot be read. */
async function readable(names: readonly OwnerName[], { load }: BringDeps): Promise<ProfileId[]> {
  const each = await pMap(names, (name) => unlessFault(() => load([name])), { concurrency: concurrentWrites });
  return coversOf(each.flatMap((found) => [...(found?.values() ?? [])]));
}

/** The accounts of a person, as far as segments ask about them. */
async function accountsOf(profile: Profile, { load, rules }: BringDeps): Promise<AccountOf> {
  const names = accountNames([profile], rules);
  return accountsIn(names.length === 0 ? new Map() : await load(names));
}

async function* pagesOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
