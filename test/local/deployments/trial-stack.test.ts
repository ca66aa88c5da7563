import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { type EmptyEmulator, startEmptyEmulator } from '../stack/empty-emulator.ts';
import { type Inventory, inventoryOf, more } from './inventory.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const app = `${process.execPath} test/local/deployments/trial-app.ts`;
let emulator: EmptyEmulator;
/** What the account has before anything of the platform. */
let before: Inventory;

beforeAll(async () => {
  emulator = await startEmptyEmulator();
  before = await inventoryOf(emulator.url);
  // Once for all: a synthesis with its bundles takes longer than a deployment.
  await cdk(app, 'synth', '--quiet', '--output', assembly());
});
afterAll(() => emulator?.stop());

/** Where the app is synthesized to. */
const assembly = () => join(emulator.folder, 'cdk.out');
const cdk = (of: string, ...args: readonly string[]) => emulator.cdk([...args, '--app', of]);
const deploy = (stack: string) =>
  cdk(assembly(), 'deploy', stack, '--require-approval', 'never', '--progress', 'events');

async function statusOf(StackName: string): Promise<string | undefined> {
  const { Stacks: [stack] = [] } = await new CloudFormationClient(clientSettings(emulator.url)).send(
    new DescribeStacksCommand({ StackName }),
  );
  return stack?.StackStatus;
}

it('a first deployment that fails leaves one table, which is empty, and nothing that costs', async () => {
  await expect(deploy('Failing')).rejects.toThrow(/nobody/);
  expect(await statusOf('Failing')).toBe('ROLLBACK_COMPLETE');
  const now = await inventoryOf(emulator.url);
  expect(more(now, before)).toEqual({
    'CloudFormation::Stack': [expect.any(String)],
    'DynamoDB::Table': [expect.any(String)],
  });
  before = now;
});

it('a trial is deployed, of every type that its template has', async () => {
  await deploy('Trial');
  const made = more(await inventoryOf(emulator.url), before);
  const { Resources } = JSON.parse(await readFile(join(assembly(), 'Trial.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string }>;
  };
  const types = new Set(Object.values(Resources).map(({ Type }) => Type.replace('AWS::', '')));
  // These are parts of others, and are listed with them.
  const parts = [
    'IAM::Policy',
    'S3::BucketPolicy',
    'SQS::QueuePolicy',
    'SNS::TopicPolicy',
    'Lambda::EventInvokeConfig',
    'Lambda::Permission',
    'CDK::Metadata',
  ];
  expect(
    [...types].filter((type) => !/^Custom/.test(type) && !parts.includes(type) && made[type] === undefined),
  ).toEqual([]);
});

it('it is filled: versions and delete markers in every bucket, items in the table, letters in every queue', async () => {
  const made = more(await inventoryOf(emulator.url), before);
  const where = clientSettings(emulator.url);
  const s3 = new S3Client({ ...where, forcePathStyle: true });
  for (const Bucket of made['S3::Bucket'] ?? []) {
    for (const Key of ['raw/one', 'athena-results/two', 'aws/lambda/three']) {
      for (const Body of ['first', 'second']) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    }
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'raw/' }),
    );
    expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1]);
  }
  const [TableName] = made['DynamoDB::Table'] ?? [];
  await new DynamoDBClient(where).send(
    new PutItemCommand({ TableName, Item: { pk: { S: 'profile#1' }, sk: { S: 'state' } } }),
  );
  for (const QueueUrl of made['SQS::Queue'] ?? [])
    await new SQSClient(where).send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
});

it('and it is destroyed, with nothing left', async () => {
  await cdk(assembly(), 'destroy', 'Trial', '--force');
  expect(more(await inventoryOf(emulator.url), before)).toEqual({});
});
