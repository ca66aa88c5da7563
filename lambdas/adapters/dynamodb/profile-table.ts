import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { orFault } from '../../core/events/event-fault.ts';
import { identifierOf, type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { AccountOf, Profile, ProfileId } from '../../core/profile/profile.ts';
import type { Definitions } from '../../core/segments/program/compile.ts';
import { accountNames, accountsIn } from '../../core/stitching/accounts.ts';
import { type Barriers, type Snapshot, type StoredProfile, snapshotOf } from '../../core/stitching/batch/snapshot.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/profile-write.ts';
import type { ReleaseWrite } from '../../core/stitching/release.ts';
import { liveAt, type ProfileItem, parseProfileItem } from '../../core/table/profile-item.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { type TransactItem, writeTogether } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { ownerKey, partitionOf, stateKey } from './keys.ts';
import { memberPut, putMembers } from './members.ts';
import { barrierIn, givenIn, ownerIn } from './owner-items.ts';
import { type OwnerMemory, provesOwner } from './owner-memory.ts';
import { transactItems } from './profile-transaction.ts';
import { itemsOfRelease } from './release-items.ts';
import { classify } from './write-outcome.ts';

/** Reads profiles by id, and follows merges. */
export function profileReader(client: DynamoDBDocumentClient, tableName: string, pause: WaitBeforeAttempt) {
  /** Items at these ids and at the targets of their tombstones. */
  async function readItems(profileIds: Iterable<ProfileId>): Promise<Map<ProfileId, ProfileItem>> {
    const items = new Map<ProfileId, ProfileItem>();
    let wanted = [...new Set(profileIds)];
    while (wanted.length > 0) {
      const rows = await batchGet(client, tableName, wanted.map(stateKey), pause);
      const found = orFault(() => rows.map(parseProfileItem));
      for (const item of found) items.set(item.kind === 'profile' ? item.profile.profileId : item.profileId, item);
      const next = found.flatMap((item) => (item.kind === 'tombstone' ? [item.mergedInto] : []));
      wanted = [...new Set(next)].filter((id) => !items.has(id));
    }
    return items;
  }

  return {
    readItems,
    /** The live profile at an id, or at the end of its tombstones. */
    find: async (profileId: ProfileId): Promise<Profile | undefined> =>
      liveAt(profileId, await readItems([profileId]))?.profile,
  };
}

/** Reads profiles by their identifiers, and writes each with one conditional write. */
export function profileTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  identifierKey: IdentifierKey,
  pause: WaitBeforeAttempt,
) {
  const { readItems } = profileReader(client, tableName, pause);

  /** The owners of names; those that are hinted at are taken from there instead of the identifiers' items. */
  async function readOwners(names: readonly OwnerName[], hints: Hints = noHints): Promise<Snapshot> {
    const asked = names.filter((name) => !hints.has(name));
    const keys = asked.map((name) => [ownerKey(identifierKey, name), name] as const);
    const byPartition = new Map(keys.map(([key, name]) => [partitionOf(key), name]));
    const rows = await batchGet(
      client,
      tableName,
      keys.map(([key]) => key),
      pause,
    );
    const named = rows.map((row) => ({ name: byPartition.get(partitionOf(row)) as OwnerName, row }));
    const read = named.flatMap(({ name, row }) => {
      const given = ownerIn(row);
      return given === undefined ? [] : [{ name, given, owner: givenIn(row) }];
    });
    const owners = [...[...hints].map(([name, given]) => ({ name, given, owner: undefined })), ...read];
    const items = await readItems(owners.map(({ given }) => given));
    const found = owners.map((each) => ({ ...each, live: liveAt(each.given, items) }));
    const live = new Map(
      found.flatMap(({ name, given, owner, live: one }) => (one ? [[name, { ...one, given, owner }]] : [])),
    );
    return snapshotOf(live, barriersIn(named));
  }

  /**
   * The live owner of each identifier that has one. It retries owners that do not list the identifier, because a merge
   * or unmerge was being written, and reads the items of identifiers whose hints are not proven.
   */
  const loader =
    (memory?: OwnerMemory) =>
    async (names: Iterable<OwnerName>): Promise<Snapshot> => {
      const distinct = [...new Set(names)];
      for (let attempt = 1; ; ) {
        const hints = memory?.hints(distinct) ?? noHints;
        const snapshot = await readOwners(distinct, hints);
        const unproven = [...hints.keys()].filter((name) => !isProven(snapshot.get(name), name));
        memory?.forget(unproven);
        if (unproven.length > 0) continue;
        const isTorn = [...snapshot].some(([name, { profile }]) => !profile.identifiers.has(identifierOf(name)));
        if (!isTorn || attempt === maxAttempts) {
          memory?.note(snapshot);
          return snapshot;
        }
        await pause(attempt++);
      }
    };

  async function writeWith(members: ProfileWrite['members'], items: () => TransactItem[]): Promise<WriteOutcome> {
    try {
      await putMembers(
        client,
        (members?.before ?? []).map((member) => memberPut(tableName, identifierKey, member)),
      );
      await writeTogether(client, orFault(items));
      return { kind: 'written' };
    } catch (error) {
      return classify(error);
    }
  }

  /** Writes all or nothing, and only if no item has changed since it was read. */
  const write = (planned: ProfileWrite): Promise<WriteOutcome> =>
    writeWith(planned.members, () => transactItems(planned, tableName, identifierKey));

  /** Writes a release, under the same conditions. */
  const release = (planned: ReleaseWrite): Promise<WriteOutcome> =>
    writeWith(planned.person?.members, () => itemsOfRelease(planned, tableName, identifierKey));

  return {
    load: loader(),
    write,
    release,

    /** The same for somebody who remembers owners. What could not be written is read again. */
    remembering: (memory: OwnerMemory) => ({
      load: loader(memory),
      write: async (planned: ProfileWrite): Promise<WriteOutcome> => {
        const outcome = await write(planned);
        if (outcome.kind !== 'written') memory.forget(namesIn(planned));
        return outcome;
      },
      release: async (planned: ReleaseWrite): Promise<WriteOutcome> => {
        const outcome = await release(planned);
        if (outcome.kind !== 'written') memory.forget([planned.released.identifier, planned.from.identifier]);
        return outcome;
      },
    }),

    /** The live profile at an id, or at the end of its tombstones. */
    async loadAt(profileId: ProfileId): Promise<StoredProfile | undefined> {
      const live = liveAt(profileId, await readItems([profileId]));
      return live && { ...live, given: profileId };
    },

    /** The accounts of people as they are now; none where no segment asks for them. */
    async readAccounts(people: Iterable<Profile>, definitions: Definitions): Promise<AccountOf> {
      const names = accountNames(people, definitions);
      return accountsIn(names.length === 0 ? new Map() : await readOwners(names));
    },
  };
}

type Hints = ReadonlyMap<OwnerName, ProfileId>;
const noHints: Hints = new Map();

const isProven = (owner: StoredProfile | undefined, name: OwnerName): boolean =>
  owner !== undefined && provesOwner(owner, name);

/** The names of the profile of a write. */
const namesIn = ({ profile: { collection, identifiers } }: ProfileWrite): OwnerName[] =>
  [...identifiers.keys()].map((id) => ownerName(collection, id));

const barriersIn = (named: readonly { readonly name: OwnerName; readonly row: Row }[]): Barriers =>
  new Map(
    named.flatMap(({ name, row }) => {
      const barrier = barrierIn(row);
      return barrier === undefined ? [] : [[name, barrier]];
    }),
  );
