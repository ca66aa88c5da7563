import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Row } from './batch-get.ts';
import { type Read, readProfile } from './read-profile.ts';

/** One of several parts of the table, which are about equal: items lie in them by a hash of their key. */
export interface TablePart {
  readonly part: number;
  readonly parts: number;
}

/** Some live profiles of a part, and where the next ones begin. */
export interface ScanPage {
  readonly profiles: readonly Read[];
  readonly next?: Row | undefined;
}

/** Reads a part of the table, page by page. The client must unpack items. */
export const profileScan =
  (client: DynamoDBDocumentClient, TableName: string) =>
  async ({ part, parts }: TablePart, from?: Row): Promise<ScanPage> => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName,
        Segment: part,
        TotalSegments: parts,
        ExclusiveStartKey: from,
        FilterExpression: '#kind = :profile',
        ExpressionAttributeNames: { '#kind': 'kind' },
        ExpressionAttributeValues: { ':profile': 'profile' },
      }),
    );
    return { profiles: Items.flatMap(readProfile), next: LastEvaluatedKey };
  };
