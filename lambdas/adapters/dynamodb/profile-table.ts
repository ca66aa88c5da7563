import {
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import { orFault } from '../../core/events/event-fault.ts';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import { identifierOf, type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/plan.ts';
import type { Snapshot } from '../../core/stitching/snapshot.ts';
import {
  liveAt,
  type ProfileItem,
  parseProfileItem,
  toProfileItem,
  toTombstone,
} from '../../core/table/profile-item.ts';
import { maxAttempts, type Pause } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { classify } from './write-outcome.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const key = (pk: string, sk: string): Row => ({ [table.partitionKey]: pk, [table.sortKey]: sk });
/** Where a profile, or its tombstone, lies. */
export const stateKey = (profileId: ProfileId): Row => key(`profile#${profileId}`, 'state');

/** Reads profiles by id, wherever merges have led them. */
export function profileReader(client: DynamoDBDocumentClient, tableName: string, pause: Pause) {
  /** The items at these ids and at every id their tombstones lead to. */
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

/** Reads profiles by the identifiers they own, and writes each by one conditional write. */
export function profileTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  identifierKey: IdentifierKey,
  pause: Pause,
) {
  const ownerPartition = (name: OwnerName): string => `identifier#${identifierKey(name)}`;
  const ownerKey = (name: OwnerName): Row => key(ownerPartition(name), 'owner');
  const { readItems } = profileReader(client, tableName, pause);

  async function readOwners(names: readonly OwnerName[]): Promise<Snapshot> {
    const byPartition = new Map(names.map((name) => [ownerPartition(name), name]));
    const keys = [...byPartition.keys()].map((partition) => key(partition, 'owner'));
    const rows = await batchGet(client, tableName, keys, pause);
    const owners = rows.map(
      (row) => [byPartition.get(String(row[table.partitionKey])) as OwnerName, String(row.profileId)] as const,
    );
    const items = await readItems(owners.map(([, profileId]) => profileId));
    const found = owners.map(([id, given]) => ({ id, given, live: liveAt(given, items) }));
    return new Map(found.flatMap(({ id, given, live }) => (live ? [[id, { ...live, given }]] : [])));
  }

  return {
    /** The live owner of each identifier that has one. An owner that does not list it was read while a merge or an unmerge was written. */
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

    /** Writes all of it or nothing, and only if nobody wrote to any of it since it was read. */
    async write(write: ProfileWrite): Promise<WriteOutcome> {
      try {
        const items = orFault(() =>
          transactItems(write, tableName, (id) => ownerKey(ownerName(write.profile.collection, id))),
        );
        const [only] = items;
        if (items.length === 1 && only?.Put) await client.send(new PutCommand(only.Put));
        else await client.send(new TransactWriteCommand({ TransactItems: items }));
        return { kind: 'written' };
      } catch (error) {
        return classify(error);
      }
    },
  };
}
export type ProfileTable = ReturnType<typeof profileTable>;

/** In key order, so that concurrent transactions over the same items meet in the same order. */
function transactItems(write: ProfileWrite, tableName: string, ownerKey: IdentifierRow): TransactItem[] {
  const put = (at: Row, attributes: Row, expected: Expected): TransactItem => ({
    Put: { TableName: tableName, Item: { ...at, ...attributes }, ...conditionOf(expected) },
  });
  const { profile, version, absorbed, claimed, released, taken } = write;
  const { profileId } = profile;
  const causes = causesOf(write);
  const items = [
    put(stateKey(profileId), toProfileItem(profile, (version ?? 0) + 1, write), version),
    ...absorbed.map((lost) =>
      put(
        stateKey(lost.profile.profileId),
        toTombstone({
          ...lost,
          version: lost.version + 1,
          mergedInto: profileId,
          ...(causes.get(lost.profile.profileId) ?? unknownCause),
        }),
        lost.version,
      ),
    ),
    ...claimed.map((id) =>
      put(ownerKey(id), { profileId, ...causes.get(id) }, released.includes(id) ? anything : taken.get(id)),
    ),
    // Of what is released the profile's version is the condition: whoever gives an identifier away writes to its profile, too.
    ...released
      .filter((id) => !claimed.includes(id))
      .map((id) => ({ Delete: { TableName: tableName, Key: ownerKey(id) } })),
  ];
  return items.sort((a, b) => (partitionOf(a) < partitionOf(b) ? -1 : 1));
}

/** The version that an item must have, or the profile that it must name; undefined where there must be none. */
const anything = Symbol('anything');
type Expected = number | ProfileId | typeof anything | undefined;

function conditionOf(expected: Expected): Partial<NonNullable<TransactItem['Put']>> {
  if (expected === anything) return {};
  if (expected === undefined)
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': table.partitionKey },
    };
  const name = typeof expected === 'number' ? 'version' : 'profileId';
  return {
    ConditionExpression: `#${name} = :expected`,
    ExpressionAttributeNames: { [`#${name}`]: name },
    ExpressionAttributeValues: { ':expected': expected },
  };
}

const partitionOf = ({ Put, Delete }: TransactItem): string => String((Put?.Item ?? Delete?.Key)?.[table.partitionKey]);

type IdentifierRow = (id: Identifier) => Row;

const unknownCause = { messageId: '', at: '' };

/** Which event linked an identifier or absorbed a profile, and when: what `explain` tells of it. */
const causesOf = ({
  log,
}: ProfileWrite): Map<string, { readonly messageId: string; readonly at: string; readonly founds?: true }> =>
  new Map(
    log.flatMap(({ kind, identifier, absorbed, messageId, at, founds }) => {
      const subject = kind === 'link' ? identifier : kind === 'merge' ? absorbed : undefined;
      return subject === undefined ? [] : [[subject, { messageId, at, ...(founds && { founds }) }]];
    }),
  );
