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
import { classify, happened } from './write-outcome.ts';

/** One write of a transaction. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Expects nothing: the item may exist or not. */
export const anything = Symbol('anything');
/** The expected version of an item, or the profile that it must name; undefined if the item must not exist. */
export type Expected = number | string | typeof anything | undefined;

/** A put that succeeds only if the stored item is as expected. */
export const conditionalPut = (TableName: string, item: Row, expected: Expected): TransactItem => ({
  Put: { TableName, Item: item, ...conditionOf(expected) },
});

/** A table, and how to reach it. */
interface OnePut {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** The delete of an item of a transaction, if the stored one is as expected. */
export const conditionalDelete = (TableName: string, Key: Row, expected: Expected): TransactItem => ({
  Delete: { TableName, Key, ...conditionOf(expected) },
});

/** Puts an item if the stored one is as expected; false if it is not. What throttles is thrown. */
export async function putIf({ client, tableName }: OnePut, item: Row, expected: Expected): Promise<boolean> {
  const { Put } = conditionalPut(tableName, item, expected);
  return Put !== undefined && happened(client.send(new PutCommand(Put)));
}

/** Puts the next version of an item, 0 if there is none; false if somebody wrote it meanwhile, or the table is busy. */
export async function putNext({ client, tableName }: OnePut, item: Row, version: number): Promise<boolean> {
  const { Put } = conditionalPut(tableName, { ...item, version: version + 1 }, version || undefined);
  if (Put === undefined) return false;
  try {
    await client.send(new PutCommand(Put));
    return true;
  } catch (error) {
    if (classify(error).kind !== 'contended') throw error;
    return false;
  }
}

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

/**
 * Writes all items or none, in key order, so that concurrent transactions over the same items conflict at the same one.
 */
export async function writeTogether(client: DynamoDBDocumentClient, items: readonly TransactItem[]): Promise<void> {
  const [only] = items;
  if (items.length === 1 && only?.Put) await client.send(new PutCommand(only.Put));
  else await client.send(new TransactWriteCommand({ TransactItems: items.toSorted(byPartition) }));
}

const byPartition = (a: TransactItem, b: TransactItem): number => ascending(partitionAt(a), partitionAt(b));

const partitionAt = ({ Put, Delete, ConditionCheck }: TransactItem): string =>
  partitionOf(Put?.Item ?? Delete?.Key ?? ConditionCheck?.Key);
