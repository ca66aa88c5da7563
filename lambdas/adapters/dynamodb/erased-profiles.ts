import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { accountName } from '../../core/stitching/accounts.ts';
import { parseProfileItem, parseTombstone } from '../../core/table/profile-item.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { conditionalDelete, writeTogether } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { deliveryKey, keyedOwner, memberKey, partitionOf, stateKey } from './keys.ts';
import { ownerIn } from './owner-items.ts';
import { classify } from './write-outcome.ts';

/** Somebody wrote to a profile before every attempt to delete it. */
class NotDeleted extends Error {
  override readonly name = 'NotDeleted';
}

/** Items that are deleted in one transaction. */
const together = 100;

/** Deletes people from the profile table. Each call may be repeated. */
export function erasedProfiles(
  client: DynamoDBDocumentClient,
  TableName: string,
  identifierKey: IdentifierKey,
  pause: WaitBeforeAttempt,
) {
  async function deleteAll(keys: readonly Row[]): Promise<void> {
    for (let at = 0; at < keys.length; at += together)
      await writeTogether(
        client,
        keys.slice(at, at + together).map((Key) => ({ Delete: { TableName, Key } })),
      );
  }

  /** What one destination was told about profiles. */
  async function toldItems(destination: string, profileIds: readonly ProfileId[]): Promise<Row[]> {
    const found: Row[] = [];
    for (const profileId of profileIds) {
      const query = {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': table.partitionKey },
        ExpressionAttributeValues: { ':pk': partitionOf(deliveryKey(destination, profileId, '')) },
      };
      for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items);
    }
    return found;
  }

  return {
    /**
     * Deletes a profile or a tombstone as it was read, after the items by which accounts find it: with the profile,
     * nobody knows which those are.
     */
    async remove(profileId: ProfileId): Promise<void> {
      const Key = stateKey(profileId);
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const [row] = await batchGet(client, TableName, [Key], pause);
        if (row === undefined) return;
        await deleteAll(accountsOf(row).map((account) => memberKey(identifierKey, accountName(account), profileId)));
        try {
          await writeTogether(client, [conditionalDelete(TableName, Key, Number(row.version))]);
          return;
        } catch (error) {
          if (classify(error).kind !== 'contended') throw error;
          await pause(attempt);
        }
      }
      throw new NotDeleted(`a profile changed before each of ${maxAttempts} attempts to delete it`);
    },

    /** How many items the table has of people: profiles and tombstones, identifiers that lead there, what was told. */
    async held(
      destinations: readonly string[],
      { keys, profileIds }: { readonly keys: readonly string[]; readonly profileIds: readonly ProfileId[] },
    ): Promise<{ profiles: number; identifiers: number; told: number }> {
      const profiles = await batchGet(client, TableName, profileIds.map(stateKey), pause);
      const identifiers = await batchGet(client, TableName, keys.map(keyedOwner), pause);
      let told = 0;
      for (const destination of destinations) told += (await toldItems(destination, profileIds)).length;
      const theirs = identifiers.filter((row) => profileIds.includes(ownerIn(row) ?? ''));
      return { profiles: profiles.length, identifiers: theirs.length, told };
    },

    /** How many names each destination was told and not told to forget, of those that have any. */
    async untold(destinations: readonly string[], profileIds: readonly ProfileId[]): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const destination of destinations) {
        const items = await toldItems(destination, profileIds);
        const names = new Set(items.flatMap(({ names: told }) => (told instanceof Set ? [...told] : [])));
        if (names.size > 0) counts[destination] = names.size;
      }
      return counts;
    },

    /** Deletes what destinations were told. */
    async forgetTold(destinations: readonly string[], profileIds: readonly ProfileId[]): Promise<void> {
      for (const destination of destinations) await deleteAll((await toldItems(destination, profileIds)).map(keyIn));
    },
  };
}
export type ErasedProfiles = ReturnType<typeof erasedProfiles>;

const keyIn = (row: Row): Row => ({
  [table.partitionKey]: row[table.partitionKey],
  [table.sortKey]: row[table.sortKey],
});

/** Group ids of the accounts of a profile, also of a merged one. */
function accountsOf(row: Row): string[] {
  const item = parseProfileItem(row);
  const profile = item.kind === 'profile' ? item.profile : parseTombstone(row)?.profile;
  return [...(profile?.accounts.keys() ?? [])];
}
