import { gunzipSync } from 'node:zlib';
import {
  DescribeExportCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { referenceOutputs, tlsOnlyBucket } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 40_000 });

let stack: EmulatedStack;

const table = (recoverable: boolean) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...(recoverable && { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
  },
});

const template = {
  Resources: { ...tlsOnlyBucket('Lake'), Kept: table(true), Fleeting: table(false) },
  Outputs: referenceOutputs('Lake', 'Kept', 'Fleeting'),
};

beforeAll(async () => {
  stack = await deployShared(template);
}, 120_000);

afterAll(() => stack?.stop());

async function exported(
  name: string | undefined,
  bucket = stack.outputs.Lake,
  more: object = {},
): Promise<ExportDescription> {
  const dynamo = new DynamoDBClient(clientSettings(stack.url));
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
  const asked = { TableArn: Table?.TableArn, S3Bucket: bucket, S3Prefix: 'exports', ...more };
  const { ExportDescription: started } = await dynamo.send(new ExportTableToPointInTimeCommand(asked));
  return eventually('the export has ended', async () => {
    const { ExportDescription: found } = await dynamo.send(
      new DescribeExportCommand({ ExportArn: started?.ExportArn }),
    );
    return found?.ExportStatus === 'IN_PROGRESS' ? undefined : found;
  });
}

async function objects(): Promise<Map<string, Buffer>> {
  const s3 = new S3Client({ ...clientSettings(stack.url), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: stack.outputs.Lake }));
  const read = async (Key = '') => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.outputs.Lake, Key }));
    return [Key, Buffer.from((await Body?.transformToByteArray()) ?? [])] as const;
  };
  return new Map(await Promise.all(Contents.map(({ Key }) => read(Key))));
}

it('holds every item as the table does, and is complete when all of it is written', async () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(stack.url)));
  const items = Array.from({ length: 5 }, (_, n) => ({ pk: `item ${n}`, n, bytes: new Uint8Array([n, 255]) }));
  for (const Item of items) await client.send(new PutCommand({ TableName: stack.outputs.Kept, Item }));
  const { ExportStatus, ItemCount, ExportTime, ExportManifest = '' } = await exported(stack.outputs.Kept);
  expect([ExportStatus, ItemCount]).toEqual(['COMPLETED', 5]);
  const written = await objects();
  const summary = JSON.parse(String(written.get(ExportManifest)));
  expect(summary).toMatchObject({ itemCount: 5, outputFormat: 'DYNAMODB_JSON', s3Prefix: 'exports' });
  expect(new Date(summary.exportTime)).toEqual(ExportTime);
  const files = String(written.get(summary.manifestFilesS3Key))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const lines = files.flatMap(({ dataFileS3Key }) =>
    gunzipSync(written.get(dataFileS3Key) ?? '')
      .toString()
      .trimEnd()
      .split('\n'),
  );
  const found = lines.map((line) => JSON.parse(line).Item).sort((a, b) => (a.pk.S < b.pk.S ? -1 : 1));
  expect(found).toEqual(
    items.map(({ pk, n, bytes }) => ({
      pk: { S: pk },
      n: { N: String(n) },
      bytes: { B: Buffer.from(bytes).toString('base64') },
    })),
  );
});

it('fails when it cannot be written', async () => {
  expect(await exported(stack.outputs.Kept, 'no-such-bucket')).toMatchObject({
    ExportStatus: 'FAILED',
    FailureMessage: expect.stringContaining('NoSuchBucket'),
  });
});

it.each([
  { name: 'a table without point in time recovery', of: 'Fleeting', asked: {}, says: /not enabled/ },
  { name: 'another format', of: 'Kept', asked: { ExportFormat: 'ION' }, says: /DYNAMODB_JSON/ },
  { name: 'the past', of: 'Kept', asked: { ExportTime: new Date(0) }, says: /as it is now/ },
])('refuses $name', async ({ of, asked, says }) => {
  await expect(exported(stack.outputs[of], undefined, asked)).rejects.toThrow(says);
});
