import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { tableCopy } from '../../../lambdas/adapters/dynamodb/table-copy.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const [db, documents] = [mockClient(DynamoDBClient), mockClient(DynamoDBDocumentClient)];
const client = new DynamoDBClient({ region: 'eu-west-1' });
const pace = { minDelay: 0.001, maxDelay: 0.001, maxWaitTime: 0.1 };
const tables = tableCopy(client, DynamoDBDocumentClient.from(client), pace);
const tries = () => db.commandCalls(UpdateContinuousBackupsCommand).length;
const keys = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
};
const live = {
  ...keys,
  TableArn: 'arn:live',
  TableStatus: 'ACTIVE' as const,
  DeletionProtectionEnabled: true,
  SSEDescription: { KMSMasterKeyArn: 'arn:key' },
};
const missing = Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });

beforeEach(() => {
  db.reset();
  documents.reset();
  let made = false;
  db.on(DescribeTableCommand).rejects(missing);
  db.on(DescribeTableCommand, { TableName: 'live' }).resolves({ Table: live });
  db.on(DescribeTableCommand, { TableName: 'new' }).callsFake(() => {
    if (!made) throw missing;
    return { Table: { ...live, TableArn: 'arn:new' } };
  });
  db.on(CreateTableCommand).callsFake(() => {
    made = true;
    return {};
  });
  db.on(ListTagsOfResourceCommand).resolves({
    Tags: [
      { Key: 'aws:cloudformation:stack-name', Value: 'Cdp' },
      { Key: 'team', Value: 'data' },
    ],
  });
  db.on(DescribeTimeToLiveCommand).resolves({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } });
});

describe('a copy of a table', () => {
  it('has its keys, encryption, protection, backups, expiry and own tags', async () => {
    await tables.make('new', 'live');
    expect(db.commandCalls(CreateTableCommand)[0]?.args[0].input).toEqual({
      TableName: 'new',
      ...keys,
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'arn:key' },
      Tags: [{ Key: 'team', Value: 'data' }],
    });
    expect(db.commandCalls(UpdateTimeToLiveCommand)[0]?.args[0].input.TimeToLiveSpecification).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
    expect(db.commandCalls(UpdateContinuousBackupsCommand)).toHaveLength(1);
  });

  it('has its indexes, whose keys are among its attributes, and not their state', async () => {
    const index = {
      IndexName: 'due',
      KeySchema: [{ AttributeName: 'dueShard', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    };
    const AttributeDefinitions = [
      ...keys.AttributeDefinitions,
      { AttributeName: 'dueShard', AttributeType: 'N' as const },
    ];
    const state = { IndexStatus: 'ACTIVE' as const, IndexArn: 'arn:index', ItemCount: 7, IndexSizeBytes: 700 };
    const GlobalSecondaryIndexes = [{ ...index, ...state, ProvisionedThroughput: { WriteCapacityUnits: 0 } }];
    db.on(DescribeTableCommand, { TableName: 'live' }).resolves({
      Table: { ...live, AttributeDefinitions, GlobalSecondaryIndexes },
    });
    await tables.make('new', 'live');
    expect(db.commandCalls(CreateTableCommand)[0]?.args[0].input).toMatchObject({
      AttributeDefinitions,
      GlobalSecondaryIndexes: [index],
    });
    expect(db.commandCalls(CreateTableCommand)[0]?.args[0].input.GlobalSecondaryIndexes).toEqual([index]);
  });

  it.each(['ENABLED', 'ENABLING'] as const)(
    'that was made by half is made whole, and not made twice, while its expiry is %s',
    async (TimeToLiveStatus) => {
      await tables.make('new', 'live');
      db.on(DescribeTimeToLiveCommand).resolves({ TimeToLiveDescription: { TimeToLiveStatus } });
      await tables.make('new', 'live');
      expect(
        [CreateTableCommand, UpdateTimeToLiveCommand, UpdateContinuousBackupsCommand].map(
          (command) => db.commandCalls(command as typeof CreateTableCommand).length,
        ),
      ).toEqual([1, 1, 2]);
    },
  );

  it('waits until a table that was just made takes backups', async () => {
    const notYet = Object.assign(new Error('Backups are being enabled for the table'), {
      name: 'ContinuousBackupsUnavailableException',
    });
    db.on(UpdateContinuousBackupsCommand).rejectsOnce(notYet).rejectsOnce(notYet).resolves({});
    await tables.make('new', 'live');
    expect(tries()).toBe(3);
    db.on(UpdateContinuousBackupsCommand).rejects(notYet);
    await expect(tables.make('new', 'live')).rejects.toThrow('Backups are being enabled');
    const before = tries();
    expect(before).toBeGreaterThan(10);
    db.on(UpdateContinuousBackupsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(tables.make('new', 'live')).rejects.toThrow('no');
    expect(tries()).toBe(before + 1);
  });

  it('needs a table to be like', () =>
    expect(tables.make('new', 'gone')).rejects.toThrow(
      'the table gone, whose settings new would copy, does not exist',
    ));

  it('tells whether there is a table, and whether it holds anything', async () => {
    documents
      .on(ScanCommand)
      .resolvesOnce({ Items: [] })
      .resolves({ Items: [{ pk: 'a' }] });
    expect([await tables.exists('live'), await tables.exists('gone')]).toEqual([true, false]);
    expect([await tables.isEmpty('live'), await tables.isEmpty('live')]).toEqual([true, false]);
    db.on(DescribeTableCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(tables.exists('live')).rejects.toThrow('no');
  });
});
