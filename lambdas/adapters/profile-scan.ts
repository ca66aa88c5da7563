import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Census, type Comparison, CountedProfiles } from '../core/census.ts';
import type { Profile } from '../core/profile.ts';
import { parseProfileItem } from '../core/profile-item.ts';

/** Every live profile of a table, in no order. The client unpacks items (`packingItems`). */
export async function* scanProfiles(client: DynamoDBDocumentClient, TableName: string): AsyncGenerator<Profile> {
  const input = {
    TableName,
    ConsistentRead: true,
    FilterExpression: '#kind = :profile',
    ExpressionAttributeNames: { '#kind': 'kind' },
    ExpressionAttributeValues: { ':profile': 'profile' },
  };
  for await (const { Items = [] } of paginateScan({ client }, input))
    for (const item of Items) {
      const read = parseProfileItem(item);
      if (read.kind === 'profile') yield read.profile;
    }
}

/** Counts the profiles of one table, and how those of another are the same, when there is one. */
export async function compareProfiles(
  here: AsyncIterable<Profile>,
  there?: AsyncIterable<Profile>,
): Promise<{ readonly census: Census; readonly comparison: Comparison | undefined }> {
  const counted = new CountedProfiles();
  for await (const profile of here) counted.count(profile);
  if (there !== undefined) for await (const profile of there) counted.compare(profile);
  return { census: counted.census, comparison: there && counted.comparison };
}
