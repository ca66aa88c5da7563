import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { importPartition, table } from '../../core/contract/storage.ts';
import { noRows, type RowCounts, sumOfRows } from '../../core/imports/ledger.ts';
import { Counts } from './import-ledger.ts';

const Item = z.object({ state: z.enum(['open', 'done']), counts: Counts });

/** What the ledger says of the pieces of a load: their rows together, and how many pieces are done. */
export type ImportProgress = (
  sourceId: string,
  loadId: string,
) => Promise<{ readonly counts: RowCounts; readonly done: number }>;

/** Reads the ledger of imports. */
export const importProgress =
  (client: DynamoDBDocumentClient, TableName: string): ImportProgress =>
  async (sourceId, loadId) => {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': table.partitionKey },
        ExpressionAttributeValues: { ':pk': `${importPartition}${sourceId}#${loadId}` },
      },
    );
    let counts = noRows;
    let done = 0;
    for await (const { Items = [] } of pages)
      for (const item of Items) {
        const piece = Item.parse(item);
        counts = sumOfRows(counts, piece.counts);
        done += piece.state === 'done' ? 1 : 0;
      }
    return { counts, done };
  };
