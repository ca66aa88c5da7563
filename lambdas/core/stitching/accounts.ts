import { unlessFault } from '../events/event-fault.ts';
import { identifier } from '../identifiers/identifier.ts';
import { type OwnerName, ownerName } from '../profile/owner-name.ts';
import type { AccountOf, Profile, ProfileId } from '../profile/profile.ts';
import { type Definitions, programOf } from '../segments/program/compile.ts';
import { reading } from '../segments/program/compiler.ts';
import { joinSnapshots, type Snapshot } from './batch/snapshot.ts';

/** Whether a segment of people asks about their accounts; if none does, no account is ever read for a person. */
export const asksForAccounts = (definitions: Definitions): boolean =>
  programOf(definitions).readers.has(reading.accounts);

/** The name under which an account is stored. */
export const accountName = (groupId: string): OwnerName => ownerName('accounts', identifier('group_id', groupId));

/** The names of all accounts that people have, each once; none where nobody asks. */
export function accountNames(profiles: Iterable<Profile>, definitions: Definitions): OwnerName[] {
  if (!asksForAccounts(definitions)) return [];
  const groupIds = [...profiles].flatMap(({ collection, accounts }) =>
    collection === 'users' ? [...accounts.keys()] : [],
  );
  return [...new Set(groupIds)].map(accountName);
}

/** Finds accounts as a snapshot has them. */
export const accountsIn =
  (snapshot: Snapshot): AccountOf =>
  (groupId) => {
    const profile = snapshot.get(accountName(groupId))?.profile;
    return profile?.collection === 'accounts' ? profile : undefined;
  };

type Load = (names: readonly OwnerName[]) => Promise<Snapshot>;

/**
 * Reads profiles, and then the accounts of the people among them. In this order, because an account that changes after
 * it was read wakes its people, which makes a write of them fail that was planned by what it said before.
 */
export const withAccounts =
  (load: Load, definitions: Definitions): Load =>
  async (names) => {
    const found = await load(names);
    const wanted = accountNames(
      [...found.values()].map(({ profile }) => profile),
      definitions,
    );
    if (wanted.length === 0) return found;
    const accounts = await load(wanted);
    return joinSnapshots(found, accounts);
  };

/**
 * Reads the accounts of people together, after the people. Where an account cannot be read, those of each person are
 * read apart: it fails those who ask for it, for whom there is nothing then, and nobody else.
 */
export async function accountsOfEach(
  people: readonly Profile[],
  read: (people: readonly Profile[]) => Promise<AccountOf>,
): Promise<(profileId: ProfileId) => AccountOf | undefined> {
  const together = await unlessFault(() => read(people));
  if (together !== undefined) return () => together;
  const apart = new Map<ProfileId, AccountOf | undefined>();
  for (const one of people) apart.set(one.profileId, await unlessFault(() => read([one])));
  return (profileId) => apart.get(profileId);
}
