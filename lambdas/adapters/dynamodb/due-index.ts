import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dueIndex, table } from '../../core/contract/storage.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { dueShardOf } from '../../core/segments/due/due-shard.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row, readApart } from './batch-get.ts';
import { profileIdIn, stateKey } from './keys.ts';
import { type Read, readProfile } from './read-profile.ts';
import { classify } from './write-outcome.ts';

/** A profile in the due index, and since when it is due, in seconds since 1970. */
export interface DueEntry {
  readonly profileId: ProfileId;
  readonly dueAt: number;
}

/** A profile that is woken because it is due, or whenever it is due. */
export type Waking = Pick<DueEntry, 'profileId'> & Partial<DueEntry>;

/** Some entries of a shard, oldest first, and where the next ones begin, if there may be more. */
export interface DuePage {
  readonly entries: readonly DueEntry[];
  readonly next?: Row | undefined;
}

/** The profiles that change by themselves, by the time at which they do. The client must unpack items. */
export function dueProfiles(client: DynamoDBDocumentClient, TableName: string, pause: WaitBeforeAttempt) {
  /** Reads live profiles. A profile that is gone or merged is left out. */
  const read = (profileIds: readonly ProfileId[]): Promise<readonly Read[]> =>
    readApart(
      profileIds,
      async (some) => (await batchGet(client, TableName, some.map(stateKey), pause)).flatMap(readProfile),
      (profileId, fault) => ({ profileId, fault }),
    );

  return {
    read,

    /** A page of the entries of a shard that are due until a time. */
    async page(shard: number, until: number, from?: Row, Limit = pageOfEntries): Promise<DuePage> {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: dueIndex.name,
          Limit,
          ExclusiveStartKey: from,
          KeyConditionExpression: '#shard = :shard AND #at <= :until',
          ExpressionAttributeNames: { '#shard': dueIndex.shard, '#at': dueIndex.at },
          ExpressionAttributeValues: { ':shard': shard, ':until': until },
        }),
      );
      const entries = Items.map((row) => ({ profileId: profileIdIn(row), dueAt: Number(row[dueIndex.at]) }));
      return { entries, next: LastEvaluatedKey };
    },

    /**
     * Makes an entry due later, unless somebody has written the profile. One that was woken whenever it is due gets an
     * entry, unless it has an earlier one. The table's stream tells of every write, and must not tell the news of the
     * last one again.
     */
    async putOff({ profileId, dueAt }: Waking, later: number): Promise<void> {
      const update = new UpdateCommand({
        TableName,
        Key: stateKey(profileId),
        ...(dueAt === undefined ? entered(profileId, later) : postponed(dueAt, later)),
      });
      try {
        await client.send(update);
      } catch (error) {
        if (classify(error).kind !== 'contended') throw error;
      }
    },
  };
}

const names = { '#at': dueIndex.at, '#changes': table.changes, '#log': table.log };

const postponed = (dueAt: number, later: number) => ({
  UpdateExpression: 'SET #at = :later REMOVE #changes, #log',
  ConditionExpression: '#at = :at',
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: { ':later': later, ':at': dueAt },
});

const entered = (profileId: ProfileId, later: number) => ({
  UpdateExpression: 'SET #at = :later, #shard = :shard REMOVE #changes, #log',
  ConditionExpression: '#kind = :live AND (attribute_not_exists(#at) OR #at > :later)',
  ExpressionAttributeNames: { ...names, '#shard': dueIndex.shard, '#kind': 'kind' },
  ExpressionAttributeValues: { ':later': later, ':shard': dueShardOf(profileId), ':live': 'profile' },
});

/** As many as one BatchGetItem reads. */
const pageOfEntries = 100;
