import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
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

/** What stands for a list and for who opted out: with another of either it is another. A request may come twice. */
export function saidDigest({ bytes }: BarrierList, requests: readonly StoredRequest[]): string {
  const refusing = new Set(requests.filter(isRefusing).map(({ requestId }) => requestId));
  return createHash('sha256')
    .update(bytes)
    .update([...refusing].sort().join())
    .digest('hex');
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
});
