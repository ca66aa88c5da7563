import {
  DescribeExportCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { untilFound } from '../terminal/until-found.ts';

/** A table, and the bucket of its export. */
interface TableExport {
  readonly table: string;
  readonly bucket: string;
  /** ARN of the KMS key that encrypts the export. */
  readonly key: string;
}

/**
 * Exports a table's current state and waits for the end; `heard` receives each state.
 * @throws Error with DynamoDB's reason
 */
export async function exportTable(
  where: object,
  { table, bucket, key }: TableExport,
  heard: (state: string) => void,
): Promise<Required<Pick<ExportDescription, 'ExportTime' | 'ItemCount'>>> {
  const dynamo = new DynamoDBClient(where);
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }));
  const { ExportDescription: started } = await dynamo.send(
    new ExportTableToPointInTimeCommand({
      TableArn: Table?.TableArn,
      S3Bucket: bucket,
      S3Prefix: lakePrefix.exports.replace(/\/$/, ''),
      S3SseAlgorithm: 'KMS',
      S3SseKmsKeyId: key,
    }),
  );
  const ended = await untilEnded(dynamo, started?.ExportArn ?? '', heard);
  if (ended.ExportStatus !== 'COMPLETED')
    throw new Error(
      `the export of ${table} failed: ${ended.FailureMessage ?? ended.FailureCode ?? 'DynamoDB gives no reason'}`,
    );
  return { ExportTime: ended.ExportTime ?? new Date(0), ItemCount: ended.ItemCount ?? 0 };
}

async function untilEnded(
  dynamo: DynamoDBClient,
  ExportArn: string,
  heard: (state: string) => void,
): Promise<ExportDescription> {
  const ended = async () => {
    const { ExportDescription: description } = await dynamo.send(new DescribeExportCommand({ ExportArn }));
    heard(description?.ExportStatus ?? '');
    return description?.ExportStatus === 'IN_PROGRESS' ? undefined : description;
  };
  return (await untilFound(ended, { minDelay: 0.2, maxDelay: 10 })) ?? {};
}
