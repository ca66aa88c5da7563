import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ToldTrait, TraitMemory } from '../../core/destinations/told-traits.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { batchGet, type Row } from './batch-get.ts';
import type { DeliveryPlace } from './delivery-memory.ts';
import { partitionOf, toldTraitKey } from './keys.ts';

const texts = z
  .set(z.string())
  .optional()
  .transform((some) => some ?? new Set<string>());
const Item = z
  .looseObject({
    names: texts,
    former: texts,
    value: z.string().optional(),
    last: z.object({ value: z.string(), occasion: z.string(), news: z.number() }).optional(),
    pending: texts,
  })
  .transform(({ names, former, value, last, pending }): ToldTrait => ({ names, former, value, last, pending }));

/** Remembers in the profile table which values of computed traits a destination was told of whom. */
export function traitMemory({ client, tableName, destination, pause }: Omit<DeliveryPlace, 'now'>): TraitMemory {
  const keyOf = (profileId: ProfileId, trait: string): Row => toldTraitKey(destination, profileId, trait);
  const names = { '#names': 'names', '#former': 'former', '#value': 'value', '#last': 'last', '#pending': 'pending' };

  async function update(Key: Row, UpdateExpression: string, values: Record<string, unknown> = {}): Promise<void> {
    const used = Object.entries(names).filter(([name]) => new RegExp(`${name}\\b`).test(UpdateExpression));
    const command = new UpdateCommand({
      TableName: tableName,
      Key,
      UpdateExpression,
      ExpressionAttributeNames: Object.fromEntries(used),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    });
    await client.send(command);
  }

  return {
    async recall(profileIds, trait) {
      const keys = new Map(profileIds.map((id) => [partitionOf(keyOf(id, trait)), id]));
      const rows = await batchGet(
        client,
        tableName,
        [...keys.values()].map((id) => keyOf(id, trait)),
        pause,
      );
      return new Map(rows.map((row) => [keys.get(partitionOf(row)) ?? '', Item.parse(row)]));
    },
    begin: (profileId, trait, { names: told, occasion, attempt, ...last }) =>
      update(keyOf(profileId, trait), 'SET #last = :last REMOVE #value ADD #names :names, #pending :pending', {
        ':last': { ...last, occasion },
        ':names': told,
        ':pending': new Set([occasion, attempt]),
      }),
    confirm: (profileId, trait, value) => update(keyOf(profileId, trait), 'SET #value = :value', { ':value': value }),
    end: async (profileIds, trait, pending) => {
      const values = { ':pending': new Set(pending) };
      await Promise.all(profileIds.map((id) => update(keyOf(id, trait), 'DELETE #pending :pending', values)));
    },
    forget: (profileId, trait, lost) =>
      update(keyOf(profileId, trait), 'ADD #former :names DELETE #names :names', { ':names': new Set(lost) }),
    distrust: async (profileIds, trait) => {
      await Promise.all(profileIds.map((id) => update(keyOf(id, trait), 'REMOVE #value')));
    },
  };
}
