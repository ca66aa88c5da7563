import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { requestPartition, table } from '../../core/contract/storage.ts';

/**
 * What outlives the profiles of a table: barriers of identifiers, and the requests that set them. A table that is made
 * again has them before its first event, so that nobody who was erased comes back.
 */
const kept = `attribute_exists(#barrier) OR #pk = :requests`;
const named = {
  ExpressionAttributeNames: { '#barrier': table.barrier, '#pk': table.partitionKey },
  ExpressionAttributeValues: { ':requests': requestPartition },
};

/** Items that are read together; those among them that are kept are put at the same time. */
const Limit = 500;

/** Whether a table has nothing but what outlives its profiles. */
export async function hasOnlyKeptItems(client: DynamoDBDocumentClient, TableName: string): Promise<boolean> {
  const others = { TableName, ConsistentRead: true, FilterExpression: `NOT (${kept})`, ...named };
  for await (const { Items = [] } of paginateScan({ client }, others)) if (Items.length > 0) return false;
  return true;
}

/** Copies what outlives profiles to another table, and tells how many items that were; a barrier has no owner there. */
export async function copyKeptItems(client: DynamoDBDocumentClient, from: string, to: string): Promise<number> {
  let copied = 0;
  const wanted = { TableName: from, ConsistentRead: true, Limit, FilterExpression: kept, ...named };
  for await (const { Items = [] } of paginateScan({ client }, wanted)) {
    await Promise.all(Items.map((item) => client.send(new PutCommand({ TableName: to, Item: withoutOwner(item) }))));
    copied += Items.length;
  }
  return copied;
}

const withoutOwner = (item: Readonly<Record<string, unknown>>) => {
  if (item[table.barrier] === undefined) return item;
  const names = [table.partitionKey, table.sortKey, table.barrier];
  return Object.fromEntries(names.map((name) => [name, item[name]]));
};
