import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { requestPartition, table } from '../../core/contract/storage.ts';
import type { Row } from './batch-get.ts';
import { keyedIn } from './keys.ts';
import { barrierIn } from './owner-items.ts';

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

async function* keptPages(client: DynamoDBDocumentClient, TableName: string): AsyncGenerator<readonly Row[]> {
  const wanted = { TableName, ConsistentRead: true, Limit, FilterExpression: kept, ...named };
  for await (const { Items = [] } of paginateScan({ client }, wanted)) yield Items;
}

/** Copies requests to another table, over those that it has of them. */
export async function copyRequests(client: DynamoDBDocumentClient, from: string, to: string): Promise<void> {
  for await (const page of keptPages(client, from)) {
    const requests = page.filter((row) => !isBarrier(row));
    await Promise.all(requests.map((Item) => client.send(new PutCommand({ TableName: to, Item }))));
  }
}

/** Barriers of a table by what stands for their identifiers, page by page; none without a table. */
export async function* keptBarriers(client: DynamoDBDocumentClient, TableName: string | undefined) {
  if (TableName === undefined) return;
  for await (const page of keptPages(client, TableName))
    yield page.filter(isBarrier).map((row) => [keyedIn(row), barrierIn(row) ?? {}] as const);
}

/** Copies what outlives profiles to another table, and tells how many items that were; a barrier has no owner there. */
export async function copyKeptItems(client: DynamoDBDocumentClient, from: string, to: string): Promise<number> {
  let copied = 0;
  for await (const Items of keptPages(client, from)) {
    await Promise.all(Items.map((item) => client.send(new PutCommand({ TableName: to, Item: withoutOwner(item) }))));
    copied += Items.length;
  }
  return copied;
}

const isBarrier = (row: Row): boolean => row[table.barrier] !== undefined;

const withoutOwner = (item: Row) => {
  if (!isBarrier(item)) return item;
  const names = [table.partitionKey, table.sortKey, table.barrier];
  return Object.fromEntries(names.map((name) => [name, item[name]]));
};
