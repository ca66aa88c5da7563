import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { table } from '../../core/contract/storage.ts';
import { hoursOfTries } from '../../core/destinations/next-try.ts';
import type { Told } from '../../core/destinations/told.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { deliveryKey, partitionOf } from './keys.ts';

/** Seconds for which it is known that a destination was told that somebody left. */
const knownGone = 30 * 24 * 3_600;

const texts = z.set(z.string()).optional();
const Item = z.looseObject({
  names: texts,
  since: z.string().optional(),
  left: texts,
  leftAt: z.number().optional(),
});

/** What tells apart the deliveries of a deployment's destinations. */
export interface DeliveryPlace {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly destination: string;
  readonly pause: WaitBeforeAttempt;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hours for which the destination has a delivery retried. @default hoursOfTries */
  readonly hours?: number | undefined;
}

/**
 * Remembers in the profile table under which names a destination was told of whom. Names are added and removed one by
 * one, so deliveries that run at the same time lose nothing of each other's. Names that left are kept beside them, and
 * are known for an hour longer than a message is retried: an attempt at it may have told, before it died, that they are
 * in.
 */
export function deliveryMemory(place: DeliveryPlace) {
  const { client, tableName, destination, pause, now, hours = hoursOfTries } = place;
  const keyOf = (profileId: ProfileId, segment: string): Row => deliveryKey(destination, profileId, segment);
  const forgetIn = async (key: Row, names: readonly string[]): Promise<void> => {
    const update = new UpdateCommand({
      TableName: tableName,
      Key: key,
      UpdateExpression: 'SET #expires = :expires, #leftAt = :now ADD #left :names DELETE #names :names',
      ExpressionAttributeNames: { '#expires': table.ttl, '#leftAt': 'leftAt', '#names': 'names', '#left': 'left' },
      ExpressionAttributeValues: {
        ':expires': Math.ceil(now() / 1_000) + knownGone,
        ':now': now(),
        ':names': new Set(names),
      },
    });
    await client.send(update);
  };

  return {
    async recall(profileIds: readonly ProfileId[], segment: string): Promise<Told | undefined> {
      const keys = new Map(profileIds.map((id) => [partitionOf(keyOf(id, segment)), id]));
      const rows = await batchGet(
        client,
        tableName,
        [...keys.values()].map((id) => keyOf(id, segment)),
        pause,
      );
      const items = rows.map((row) => ({ ...Item.parse(row), holder: keys.get(partitionOf(row)) ?? '' }));
      if (items.length === 0) return undefined;
      const since = items
        .flatMap((item) => item.since ?? [])
        .sort()
        .at(-1);
      const names = new Set(items.flatMap((item) => [...(item.names ?? [])]));
      const latest = items.filter(({ leftAt = 0 }) => leftAt > now() - (hours + 1) * 3_600_000);
      const left = new Set(latest.flatMap((item) => [...(item.left ?? [])]));
      const holders = items.filter((item) => item.names !== undefined).map(({ holder }) => holder);
      return { names, since, ...(left.size > 0 && { left }), holders };
    },

    async remember(profileId: ProfileId, segment: string, { names, since }: Told): Promise<void> {
      const update = new UpdateCommand({
        TableName: tableName,
        Key: keyOf(profileId, segment),
        UpdateExpression: 'SET #since = :since REMOVE #expires ADD #names :names',
        ExpressionAttributeNames: { '#since': 'since', '#expires': table.ttl, '#names': 'names' },
        ExpressionAttributeValues: { ':since': since, ':names': names },
      });
      await client.send(update);
    },

    async forget(profileIds: readonly ProfileId[], segment: string, names: readonly string[]): Promise<void> {
      await Promise.all(profileIds.map((id) => forgetIn(keyOf(id, segment), names)));
    },
  };
}
