import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { orFault } from '../../core/events/event-fault.ts';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import { identifierOf, type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { AccountOf, Profile, ProfileId } from '../../core/profile/profile.ts';
import type { Definitions } from '../../core/segments/program/compile.ts';
import { accountNames, accountsIn } from '../../core/stitching/accounts.ts';
import { type Barriers, type Snapshot, type StoredProfile, snapshotOf } from '../../core/stitching/batch/snapshot.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/plan.ts';
import {
  liveAt,
  type ProfileItem,
  parseProfileItem,
  toProfileItem,
  toTombstone,
} from '../../core/table/profile-item.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { causesOf, unknownCause } from './causes.ts';
import { anything, conditionalPut, type Expected, type TransactItem, writeTogether } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { ownerKey, partitionOf, stateKey } from './keys.ts';
import { memberPut, putMembers } from './members.ts';
import { barrierIn, ownerGone, ownerIn, ownerPut } from './owner-items.ts';
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

  async function readOwners(names: readonly OwnerName[]): Promise<Snapshot> {
    const keys = names.map((name) => [ownerKey(identifierKey, name), name] as const);
    const byPartition = new Map(keys.map(([key, name]) => [partitionOf(key), name]));
    const rows = await batchGet(
      client,
      tableName,
      keys.map(([key]) => key),
      pause,
    );
    const named = rows.map((row) => ({ name: byPartition.get(partitionOf(row)) as OwnerName, row }));
    const owners = named.flatMap(({ name, row }) => {
      const given = ownerIn(row);
      return given === undefined ? [] : [{ name, given }];
    });
    const items = await readItems(owners.map(({ given }) => given));
    const found = owners.map(({ name, given }) => ({ name, given, live: liveAt(given, items) }));
    const live = new Map(
      found.flatMap((each) => (each.live ? [[each.name, { ...each.live, given: each.given }]] : [])),
    );
    return snapshotOf(live, barriersIn(named));
  }

  return {
    /**
     * The live owner of each identifier that has one. It retries owners that do not list the identifier, because a
     * merge or unmerge was being written.
     */
    async load(names: Iterable<OwnerName>): Promise<Snapshot> {
      const distinct = [...new Set(names)];
      for (let attempt = 1; ; attempt++) {
        const snapshot = await readOwners(distinct);
        if (
          attempt === maxAttempts ||
          [...snapshot].every(([name, { profile }]) => profile.identifiers.has(identifierOf(name)))
        )
          return snapshot;
        await pause(attempt);
      }
    },

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

    /** Writes all or nothing, and only if no item has changed since it was read. */
    async write(write: ProfileWrite): Promise<WriteOutcome> {
      try {
        await putMembers(
          client,
          (write.members?.before ?? []).map((member) => memberPut(tableName, identifierKey, member)),
        );
        await writeTogether(
          client,
          orFault(() => transactItems(write, tableName, identifierKey)),
        );
        return { kind: 'written' };
      } catch (error) {
        return classify(error);
      }
    },
  };
}

const barriersIn = (named: readonly { readonly name: OwnerName; readonly row: Row }[]): Barriers =>
  new Map(
    named.flatMap(({ name, row }) => {
      const barrier = barrierIn(row);
      return barrier === undefined ? [] : [[name, barrier]];
    }),
  );

function transactItems(write: ProfileWrite, tableName: string, identifierKey: IdentifierKey): TransactItem[] {
  const { profile, version, absorbed, claimed, released, taken, barriers } = write;
  const { profileId } = profile;
  const causes = causesOf(write);
  const ownerOf = (id: Identifier): Row => ownerKey(identifierKey, ownerName(profile.collection, id));
  const state = (id: ProfileId, attributes: Row, expected: Expected): TransactItem =>
    conditionalPut(tableName, { ...stateKey(id), ...attributes }, expected);
  return [
    state(profileId, toProfileItem(profile, (version ?? 0) + 1, write), version),
    ...absorbed.map((each) => {
      const id = each.profile.profileId;
      const merged = { mergedInto: profileId, ...(causes.get(id) ?? unknownCause) };
      return state(id, toTombstone({ ...each, version: each.version + 1, ...merged }), each.version);
    }),
    ...claimed.map((id) =>
      ownerPut(
        tableName,
        { ...ownerOf(id), profileId, ...causes.get(id) },
        released.includes(id) ? anything : taken.get(id),
        barriers?.get(id),
      ),
    ),
    ...(write.members?.together ?? []).map((member) => memberPut(tableName, identifierKey, member)),
    // A released identifier needs no condition but its barrier: giving it away also writes its profile, whose version
    // is checked.
    ...released.filter((id) => !claimed.includes(id)).map((id) => ownerGone(tableName, ownerOf(id), barriers?.get(id))),
  ];
}
