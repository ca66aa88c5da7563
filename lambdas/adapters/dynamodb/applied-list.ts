import { createHash } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { BarrierList } from '../../core/privacy/barrier-list.ts';
import { isRefusing, type StoredRequest } from '../../core/privacy/request.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet } from './batch-get.ts';
import { appliedKey } from './keys.ts';

/** What a table says of itself: what was applied to it (`saidDigest`), and from which table it was filled. */
export interface Applied {
  readonly list: string;
  readonly from?: string | undefined;
}

/**
 * What stands for a list, for who opted out, and for whom requests erased from the table: with another of any it is
 * another. A request that comes twice counts as it comes last.
 */
export function saidDigest({ bytes }: BarrierList, requests: readonly StoredRequest[]): string {
  const last = new Map(requests.map((request) => [request.requestId, request]));
  const said = [...last.values()].flatMap((request) => {
    const { requestId, erasedAt, tableEmptiedAt = '' } = request;
    return isRefusing(request) || erasedAt !== undefined ? [`${requestId} ${tableEmptiedAt}`] : [];
  });
  return createHash('sha256').update(bytes).update(said.sort().join()).digest('hex');
}

/** The item by which a restored or rebuilt table says which list of barriers was applied to it. */
export const appliedList = (client: DynamoDBDocumentClient, TableName: string, pause: WaitBeforeAttempt) => ({
  /** Undefined if none ever was. */
  async read(): Promise<Applied | undefined> {
    const [row] = await batchGet(client, TableName, [appliedKey], pause);
    if (row === undefined) return undefined;
    return { list: String(row.list), ...(row.from !== undefined && { from: String(row.from) }) };
  },

  async write(applied: Applied): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { ...appliedKey, ...applied } }));
  },

  async forget(): Promise<void> {
    await client.send(new DeleteCommand({ TableName, Key: appliedKey }));
  },
});
