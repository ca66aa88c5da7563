import { type DynamoDBDocumentClient, paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Read, readProfile } from './read-profile.ts';

/** One of several parts of the table, which are about equal: items lie in them by a hash of their key. */
export interface TablePart {
  readonly part: number;
  readonly parts: number;
}

/** The live profiles of a table, page by page, in any order. The client must unpack items (`packingItems`). */
export async function* profilePages(
  client: DynamoDBDocumentClient,
  input: Pick<ScanCommandInput, 'TableName' | 'ConsistentRead' | 'Segment' | 'TotalSegments'>,
): AsyncGenerator<readonly Read[]> {
  const ofProfiles = {
    FilterExpression: '#kind = :profile',
    ExpressionAttributeNames: { '#kind': 'kind' },
    ExpressionAttributeValues: { ':profile': 'profile' },
  };
  for await (const { Items = [] } of paginateScan({ client }, { ...input, ...ofProfiles }))
    yield Items.flatMap(readProfile);
}
