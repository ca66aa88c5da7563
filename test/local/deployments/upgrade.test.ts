import { readFileSync } from 'node:fs';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { table } from '../../../lambdas/core/contract/storage.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deploy, type StackOutputs, stackName } from '../../../local/platform/deployment.ts';
import { lastReleaseFile, type Release } from '../../../local/release/lasting-part.ts';
import { type EmptyEmulator, startEmptyEmulator } from '../stack/empty-emulator.ts';
import { createStack } from '../stack/emulated-stack.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });

/** Types of the last release's resources that somebody's data is in. */
const holdsData =
  /^AWS::(DynamoDB::Table|Glue::Database|KMS::Key|Kinesis::Stream|S3::Bucket|SecretsManager::Secret|SQS::Queue)$/;

/** The last release's own stack as far as data is in it: its resources, and the outputs that name them. */
function lastRelease(): object {
  const { lasting } = JSON.parse(readFileSync(lastReleaseFile, 'utf8')) as Release;
  const { Resources = {}, Outputs = {} } = lasting[''] ?? {};
  const kept = Object.entries(Resources).filter(([, { Type }]) => holdsData.test(Type));
  const ids = new Set(kept.map(([id]) => id));
  const referredTo = (value: object) =>
    [...JSON.stringify(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^"]+)"/g)].map(([, id = '']) => id);
  const named = Object.entries(Outputs).filter(([, value]) => referredTo(value).every((id) => ids.has(id)));
  return { Resources: Object.fromEntries(kept), Outputs: Object.fromEntries(named) };
}

let emulator: EmptyEmulator;
let before: StackOutputs;
let after: StackOutputs;
let identifierKey: string | undefined;

const person = { [table.partitionKey]: { S: 'profile#ann' }, [table.sortKey]: { S: 'state' } };
const client = <Client>(Service: new (settings: ReturnType<typeof clientSettings>) => Client): Client =>
  new Service(clientSettings(emulator.url));
const secretOf = async (SecretId: string | undefined) =>
  (await client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId }))).SecretString;
const tokens = JSON.stringify({ tokens: [{ name: 'shop', hash: 'a-hash' }] });

beforeAll(async () => {
  emulator = await startEmptyEmulator();
  before = await createStack(emulator.url, lastRelease(), stackName);
  await fill(before);
  after = await deploy(emulator.url, emulator.signal);
});

afterAll(() => emulator?.stop());

/** Puts something of a customer or an operator into everything. */
async function fill(stack: StackOutputs): Promise<void> {
  await client(DynamoDBClient).send(
    new PutItemCommand({ TableName: stack[output.profileTable], Item: { ...person, version: { N: '7' } } }),
  );
  for (const Bucket of [stack[output.lakeBucket], stack[output.failedBatchBucket]])
    await client(S3Client).send(new PutObjectCommand({ Bucket, Key: 'raw/2026/11/28/00/a.gz', Body: 'an event' }));
  await client(SecretsManagerClient).send(
    new PutSecretValueCommand({ SecretId: stack[output.accessTokensSecret], SecretString: tokens }),
  );
  await client(GlueClient).send(
    new CreateTableCommand({ DatabaseName: stack[output.database], TableInput: { Name: 'of_last_release' } }),
  );
  identifierKey = await secretOf(stack[output.identifierKeySecret]);
}

it('every output that names data names the same as before', () => {
  expect(Object.keys(before).length).toBeGreaterThan(8);
  expect(after).toMatchObject(before);
});

it('people are in the table', async () => {
  const { Item } = await client(DynamoDBClient).send(
    new GetItemCommand({ TableName: after[output.profileTable], Key: person }),
  );
  expect(Item?.version).toEqual({ N: '7' });
});

it.each([output.lakeBucket, output.failedBatchBucket])('objects are in %s', async (name) => {
  const { Body } = await client(S3Client).send(
    new GetObjectCommand({ Bucket: after[name], Key: 'raw/2026/11/28/00/a.gz' }),
  );
  expect(await Body?.transformToString()).toBe('an event');
});

it('secrets are what they were: the key of identifiers, and the tokens that applications have', async () => {
  expect(identifierKey).toHaveLength(64);
  expect(await secretOf(after[output.identifierKeySecret])).toBe(identifierKey);
  expect(await secretOf(after[output.accessTokensSecret])).toBe(tokens);
});

it('tables are in the catalog, and those of this release beside them', async () => {
  const { TableList = [] } = await client(GlueClient).send(
    new GetTablesCommand({ DatabaseName: after[output.database] }),
  );
  expect(TableList.map(({ Name }) => Name)).toEqual(expect.arrayContaining(['of_last_release', 'events', 'profiles']));
});
