import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { table } from '../../core/contract/storage.ts';
import type { TriesMemory } from '../../core/destinations/tries.ts';
import { batchGet } from './batch-get.ts';
import type { DeliveryPlace } from './delivery-memory.ts';
import { partitionOf, triesKey } from './keys.ts';

/** Seconds for which tries are known: a day longer than a queue keeps a message. */
const known = 15 * 24 * 3_600;

const Item = z.looseObject({ tries: z.number(), firstTried: z.number() });

/** Remembers in the profile table how often a destination's messages were tried. Only failures write. */
export function triesMemory({ client, tableName, destination, pause, now }: DeliveryPlace): TriesMemory {
  return {
    async recall(messageIds) {
      const ids = new Map(messageIds.map((id) => [partitionOf(triesKey(destination, id)), id]));
      const keys = [...ids.values()].map((id) => triesKey(destination, id));
      const rows = await batchGet(client, tableName, keys, pause);
      return new Map(
        rows.map((row) => {
          const { tries, firstTried } = Item.parse(row);
          return [ids.get(partitionOf(row)) ?? '', { tries, firstTried }];
        }),
      );
    },
    record: async (messageId, tries) => {
      const expires = { [table.ttl]: Math.ceil(now() / 1_000) + known };
      await client.send(
        new PutCommand({ TableName: tableName, Item: { ...triesKey(destination, messageId), ...tries, ...expires } }),
      );
    },
  };
}
