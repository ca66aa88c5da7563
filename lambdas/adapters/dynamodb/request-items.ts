import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { requestPartition, table } from '../../core/contract/storage.ts';
import { StoredRequest } from '../../core/privacy/request.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { putNext } from './conditional-put.ts';
import { requestKey } from './keys.ts';

/** A request with the version that its next write expects; 0 if it is not stored yet. */
export interface Versioned {
  readonly request: StoredRequest;
  readonly version: number;
}

/** Privacy requests in the profile table, all in one partition. */
export function requestItems(client: DynamoDBDocumentClient, tableName: string, pause: WaitBeforeAttempt) {
  const read = (row: Row): Versioned => ({ request: StoredRequest.parse(row), version: Number(row.version) });

  return {
    async find(requestId: string): Promise<Versioned | undefined> {
      const [row] = await batchGet(client, tableName, [requestKey(requestId)], pause);
      return row && read(row);
    },

    /** Writes the next version; false if somebody else wrote one meanwhile. */
    put: ({ request, version }: Versioned): Promise<boolean> =>
      putNext({ client, tableName }, { ...requestKey(request.requestId), ...request }, version),

    /** All requests, the oldest first. */
    async all(): Promise<Versioned[]> {
      const found: Versioned[] = [];
      const query = {
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': table.partitionKey },
        ExpressionAttributeValues: { ':pk': requestPartition },
      };
      for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items.map(read));
      return found.sort((a, b) => Date.parse(a.request.receivedAt) - Date.parse(b.request.receivedAt));
    },
  };
}
export type RequestItems = ReturnType<typeof requestItems>;
