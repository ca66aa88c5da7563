import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { requestPartition, table } from '../../core/contract/storage.ts';
import type { Row } from './batch-get.ts';
import { appliedKey, partitionOf } from './keys.ts';

/** Items that are read together and put at the same time. */
const Limit = 100;

/**
 * Copies every item of a table to another as it is stored, and tells how many; requests stay as they are there. What an
 * item's last write announced was announced then, and is not once more.
 */
export async function fillTable(client: DynamoDBDocumentClient, from: string, to: string): Promise<number> {
  let copied = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName: from, ConsistentRead: true, Limit })) {
    const wanted = Items.filter((item) => !stays.has(partitionOf(item)));
    await Promise.all(wanted.map((item) => client.send(new PutCommand({ TableName: to, Item: unannounced(item) }))));
    copied += wanted.length;
  }
  return copied;
}

const stays = new Set([requestPartition, partitionOf(appliedKey)]);

const unannounced = ({ [table.changes]: _told, [table.log]: _logged, ...item }: Row): Row => item;
