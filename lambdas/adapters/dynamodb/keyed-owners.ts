import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Profile } from '../../core/profile/profile.ts';
import { liveAt } from '../../core/table/profile-item.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet } from './batch-get.ts';
import { keyedOwner, partitionOf } from './keys.ts';
import { ownerIn } from './owner-items.ts';
import { profileReader } from './profile-table.ts';

/** Returns what finds the live profiles of identifiers that others have turned into keys; none if nobody has one. */
export const keyedOwners =
  (client: DynamoDBDocumentClient, tableName: string, pause: WaitBeforeAttempt) =>
  async (keyed: readonly string[]): Promise<ReadonlyMap<string, Profile>> => {
    const byPartition = new Map(keyed.map((each) => [partitionOf(keyedOwner(each)), each]));
    const rows = await batchGet(client, tableName, [...byPartition.values()].map(keyedOwner), pause);
    const owners = rows.flatMap((row) => {
      const profileId = ownerIn(row);
      return profileId === undefined ? [] : [[byPartition.get(partitionOf(row)) ?? '', profileId] as const];
    });
    const items = await profileReader(client, tableName, pause).readItems(owners.map(([, profileId]) => profileId));
    return new Map(
      owners.flatMap(([each, profileId]) => {
        const live = liveAt(profileId, items);
        return live === undefined ? [] : [[each, live.profile]];
      }),
    );
  };
