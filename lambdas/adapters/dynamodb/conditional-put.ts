import {
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import { ascending } from '../../core/values/order.ts';
import type { Row } from './batch-get.ts';
import { partitionOf } from './keys.ts';

/** One write of a transaction. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Whatever is there, or is not. */
export const anything = Symbol('anything');
/** The version that an item must have, or the profile that it must name; undefined where there must be none. */
export type Expected = number | string | typeof anything | undefined;

/** Puts an item only if what is there is what is expected. */
export const conditionalPut = (TableName: string, item: Row, expected: Expected): TransactItem => ({
  Put: { TableName, Item: item, ...conditionOf(expected) },
});

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

/** Writes all of it or nothing, in key order, so that concurrent transactions over the same items meet in the same order. */
export async function writeTogether(client: DynamoDBDocumentClient, items: readonly TransactItem[]): Promise<void> {
  const [only] = items;
  if (items.length === 1 && only?.Put) await client.send(new PutCommand(only.Put));
  else await client.send(new TransactWriteCommand({ TransactItems: items.toSorted(byPartition) }));
}

const byPartition = (a: TransactItem, b: TransactItem): number =>
  ascending(partitionOf(a.Put?.Item ?? a.Delete?.Key), partitionOf(b.Put?.Item ?? b.Delete?.Key));
