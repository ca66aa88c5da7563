import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  ListStackResourcesCommand,
  type ResourceStatus,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { GetDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LeftData, leftData } from '../../../bin/deployment/left-data.ts';
import { type CannotTakeUp, type Template, takeUp } from '../../../bin/deployment/take-up.ts';
import { errorMessageOf } from '../../../lambdas/core/values/thrown.ts';
import { holdsTag, keyTag, ownIdTag, stackTag } from '../../../lib/platform/retained.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const [stacks, tables, catalog] = [
  mockClient(CloudFormationClient),
  mockClient(DynamoDBClient),
  mockClient(GlueClient),
];
const [buckets, secrets] = [mockClient(S3Client), mockClient(SecretsManagerClient)];
const where = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const failure = (name: string, message: string) => Object.assign(new Error(message), { name });
const noStack = failure('ValidationError', 'Stack with id Cdp does not exist');

const KeySchema = [
  { AttributeName: 'pk', KeyType: 'HASH' as const },
  { AttributeName: 'sk', KeyType: 'RANGE' as const },
];
const held = ['Key', 'Table', 'Lake', 'Database'];
const template: Template = {
  Resources: {
    Key: { Type: 'AWS::KMS::Key' },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { KeySchema, StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
    },
    Lake: { Type: 'AWS::S3::Bucket' },
    Database: { Type: 'AWS::Glue::Database' },
    People: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { Tags: held.map((id) => ({ Key: `${holdsTag}${id}` })) },
    },
    Tokens: { Type: 'AWS::SecretsManager::Secret' },
    Bus: { Type: 'AWS::Events::EventBus' },
  },
};
const places = {
  Key: '1a2b',
  Table: 'people-1',
  Lake: 'lake-1',
  Database: 'cdp_1a2b',
  People: 'arn:people',
  Tokens: 'arn:tokens',
};
const mapping = {
  Key: { KeyId: '1a2b' },
  Table: { TableName: 'people-1' },
  Lake: { BucketName: 'lake-1' },
  Database: { DatabaseName: 'cdp_1a2b' },
  People: { Id: 'arn:people' },
  Tokens: { Id: 'arn:tokens' },
};

const dataAt = (all: Record<string, string>): LeftData => ({
  key: '1a2b',
  since: new Date(0),
  account: '111122223333',
  madeBy: 'Cdp',
  held: false,
  places: new Map(Object.entries(all)),
});

const without = (id: string): Record<string, string> =>
  Object.fromEntries(Object.entries(places).filter(([name]) => name !== id));
const reasons = async (data: LeftData, of = template): Promise<readonly string[]> =>
  takeUp(where, data, 'Cdp', of).then(
    () => [],
    (error) => (error as CannotTakeUp).reasons,
  );

const table = (change: Partial<TableDescription> = {}) =>
  tables.on(DescribeTableCommand).resolves({
    Table: { KeySchema, StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' }, ...change },
  });

beforeEach(() => {
  for (const client of [stacks, tables, catalog, buckets, secrets]) client.reset();
  stacks.on(ListStackResourcesCommand).rejects(noStack);
  table();
  catalog.on(GetDatabaseCommand).resolves({});
  buckets.on(HeadBucketCommand).resolves({});
  secrets.on(GetSecretValueCommand).resolves({ SecretString: 'key' });
});

describe('taking up', () => {
  it('says for each resource that holds data which one it is', async () =>
    expect(await takeUp(where, dataAt(places), 'Cdp', template)).toEqual({ mapping, notes: [] }));

  it('says what is made new, and what stays behind', async () => {
    const { Tokens, ...rest } = mapping;
    expect(await takeUp(where, dataAt({ ...without('Tokens'), Crm: 'arn:crm' }), 'Cdp', template)).toEqual({
      mapping: rest,
      notes: ['Tokens is made new.', 'Crm is not in the template and stays behind: arn:crm'],
    });
    expect(Tokens).toBeDefined();
  });

  it.each(held)('wants to know where the %s is', async (id) =>
    expect(await reasons(dataAt(without(id)))).toEqual([`${id}: no tag says where it is`]),
  );

  it('wants the secret that gives identifiers their meaning', async () =>
    expect(await reasons(dataAt(without('People')))).toEqual([
      'the data belong to Key, Table, Lake, Database, Tokens, and the template keeps people by People',
    ]));

  it('says what the template has where its ids are others', async () => {
    const moved = Object.fromEntries(Object.entries(places).map(([id, place]) => [`Shop${id}`, place]));
    expect(await reasons(dataAt(moved))).toEqual([expect.stringMatching(/^the data belong to ShopKey.* by People$/)]);
  });

  it.each([
    {
      name: 'no stream',
      change: { StreamSpecification: undefined },
      says: 'its stream is off, and must be on, with NEW_IMAGE',
    },
    {
      name: 'another view',
      change: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const } },
      says: 'its stream has KEYS_ONLY, and must have NEW_IMAGE',
    },
    {
      name: 'other keys',
      change: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }] },
      says: 'its keys are id HASH, and must be pk HASH, sk RANGE',
    },
  ])('refuses a table with $name', async ({ change, says }) => {
    table(change);
    expect(await reasons(dataAt(places))).toEqual([`Table, people-1: ${says}`]);
  });

  it('tells all at once of what is gone, of somebody else, or locked', async () => {
    tables.on(DescribeTableCommand).rejects(failure('ResourceNotFoundException', 'Table: people-1 not found'));
    buckets.on(HeadBucketCommand).rejects(failure('Forbidden', '403'));
    catalog.on(GetDatabaseCommand).rejects(failure('EntityNotFoundException', 'Database cdp_1a2b not found'));
    secrets
      .on(GetSecretValueCommand, { SecretId: 'arn:people' })
      .rejects(failure('InvalidRequestException', 'the key is pending deletion'));
    expect(await reasons(dataAt(places))).toEqual([
      'Table, people-1: ResourceNotFoundException, Table: people-1 not found',
      'Lake, lake-1: Forbidden, 403',
      'Database, cdp_1a2b: EntityNotFoundException, Database cdp_1a2b not found',
      'People, arn:people: InvalidRequestException, the key is pending deletion',
    ]);
  });

  it('goes not into a stack that has data of its own', async () => {
    stacks
      .on(ListStackResourcesCommand)
      .resolves({ StackResourceSummaries: [{ LogicalResourceId: 'Table', PhysicalResourceId: 'people-2' }] } as object);
    expect(await reasons(dataAt(places))).toEqual(['Table: the stack Cdp has one of its own; destroy it first']);
  });

  it('wants the name of the stack that made the data, which the policy of the key knows', async () =>
    expect(await reasons({ ...dataAt(places), madeBy: 'Shop' })).toEqual([
      "they belong to the stack Shop, and the key's policy names what it makes: give the new stack that name",
    ]));

  it('asks only for buckets of its own account: one that was deleted may be somebody else’s', async () => {
    await takeUp(where, dataAt(places), 'Cdp', template);
    expect(buckets.commandCalls(HeadBucketCommand).map(({ args }) => args[0].input)).toEqual([
      { Bucket: 'lake-1', ExpectedBucketOwner: '111122223333' },
    ]);
  });

  it('hides no other failure', async () => {
    stacks.on(ListStackResourcesCommand).rejects(failure('AccessDenied', 'not allowed'));
    await expect(takeUp(where, dataAt(places), 'Cdp', template)).rejects.toThrow('not allowed');
  });
});

describe('what is left behind', () => {
  const arn = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`;
  const secret = (name: string, key: string, at: number, tags: Record<string, string> = {}) => ({
    ARN: arn(name),
    CreatedDate: new Date(at),
    Tags: Object.entries({ [ownIdTag]: name, [keyTag]: key, [stackTag]: 'Cdp', team: 'shop', ...tags }).map(
      ([Key, Value]) => ({ Key, Value }),
    ),
  });
  const holds = { [`${holdsTag}Table`]: 'people-1', [`${holdsTag}Key`]: '1a2b' };
  const [people, tokens, others] = [
    secret('People', '1a2b', 2000, holds),
    secret('Tokens', '1a2b', 1000),
    secret('People', '9f9f', 0),
  ];
  const left = { key: '1a2b', since: new Date(1000), account: '111122223333', madeBy: 'Cdp', held: false };
  const all = { Table: 'people-1', Key: '1a2b', People: arn('People'), Tokens: arn('Tokens') };

  /** As CloudFormation answers for a resource that some stack has or had. */
  const stackHas = (name: string, ResourceStatus: ResourceStatus) =>
    stacks.on(DescribeStackResourcesCommand, { PhysicalResourceId: arn(name) }).resolves({
      StackResources: [
        {
          PhysicalResourceId: arn(name),
          ResourceStatus,
          LogicalResourceId: name,
          ResourceType: '',
          Timestamp: new Date(),
        },
      ],
    });

  beforeEach(() => {
    secrets
      .on(ListSecretsCommand)
      .resolvesOnce({ SecretList: [people], NextToken: 'more' })
      .resolves({ SecretList: [tokens] });
    stacks.on(DescribeStackResourcesCommand).rejects(failure('ValidationError', 'Stack for it does not exist'));
  });

  it('is what the tags of secrets under one key say', async () => {
    expect(await leftData(where)).toEqual([{ ...left, places: new Map(Object.entries(all)) }]);
    expect(secrets.commandCalls(ListSecretsCommand)[0]?.args[0].input).toMatchObject({
      Filters: [{ Key: 'tag-key', Values: [ownIdTag] }],
    });
  });

  it('is nothing of others, who have a tag of that name', async () => {
    secrets
      .on(ListSecretsCommand)
      .resolves({ SecretList: [{ ARN: arn('theirs'), Tags: [{ Key: ownIdTag, Value: 'yes' }] }] });
    expect(await leftData(where)).toEqual([]);
  });

  it('is of several deployments, each under its key', async () => {
    secrets.on(ListSecretsCommand).resolves({ SecretList: [people, others] });
    expect((await leftData(where)).map(({ key }) => key)).toEqual(['1a2b', '9f9f']);
  });

  it.each(['DELETE_SKIPPED', 'DELETE_COMPLETE'] as const)('is what a deleted stack has as %s', async (status) => {
    stackHas('People', status);
    expect((await leftData(where))[0]?.places.has('Table')).toBe(true);
  });

  it.each(['CREATE_COMPLETE', 'IMPORT_COMPLETE', 'UPDATE_FAILED', 'DELETE_FAILED'] as const)(
    'is not what a stack has as %s',
    async (status) => {
      stackHas('People', status);
      expect(await leftData(where)).toEqual([{ ...left, held: true, places: new Map([['Tokens', arn('Tokens')]]) }]);
      stackHas('Tokens', status);
      secrets.on(ListSecretsCommand).resolves({ SecretList: [people, tokens] });
      expect(await leftData(where)).toEqual([]);
    },
  );

  it.each([
    { status: 'CREATE_COMPLETE', listed: 0 },
    { status: 'DELETE_SKIPPED', listed: 1 },
  ] as const)(
    'is looked for in the whole of a large stack, of which CloudFormation tells a hundred resources at first ($status)',
    async ({ status, listed }) => {
      const StackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Cdp/1';
      const others = Array.from({ length: 100 }, (_, n) => ({
        StackId,
        PhysicalResourceId: `other-${n}`,
        ResourceStatus: 'CREATE_COMPLETE',
      }));
      stacks.on(DescribeStackResourcesCommand).resolves({ StackResources: others } as object);
      const secrets = ['People', 'Tokens'].map((name) => ({ PhysicalResourceId: arn(name), ResourceStatus: status }));
      stacks
        .on(ListStackResourcesCommand, { StackName: StackId })
        .resolves({ StackResourceSummaries: others, NextToken: 'more' } as object);
      stacks
        .on(ListStackResourcesCommand, { StackName: StackId, NextToken: 'more' })
        .resolves({ StackResourceSummaries: secrets } as object);
      expect(await leftData(where)).toHaveLength(listed);
    },
  );

  it.each([
    { name: 'AccessDenied', message: 'this stack does not exist for you' },
    { name: 'ValidationError', message: 'too long' },
  ])('is told of nothing when CloudFormation answers with $name: $message', async ({ name, message }) => {
    stacks.on(DescribeStackResourcesCommand).rejects(failure(name, message));
    await expect(leftData(where)).rejects.toThrow(message);
  });

  it('is all but a secret that CloudFormation does not speak of, where somebody hears of it', async () => {
    secrets.on(ListSecretsCommand).resolves({ SecretList: [people, tokens, others] });
    stacks
      .on(DescribeStackResourcesCommand, { PhysicalResourceId: arn('Tokens') })
      .rejects(failure('AccessDenied', 'not for you'));
    const heard: unknown[] = [];
    const found = await leftData(where, (name, error) => heard.push([name, errorMessageOf(error)]));
    expect(found.map(({ key, held }) => [key, held])).toEqual([
      ['1a2b', true],
      ['9f9f', false],
    ]);
    expect(heard).toEqual([[arn('Tokens'), 'not for you']]);
  });
});
