import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import { errorNameOf } from '../../core/values/thrown.ts';

/** Longest that a table may take to be made, and then until it takes backups, seconds. */
const patience = 300;
/** Seconds between two tries. */
const interval = 5;

/** Tables that are made like another one. */
export function tableCopy(
  client: DynamoDBClient,
  documents: DynamoDBDocumentClient,
  pause: (milliseconds: number) => Promise<unknown> = sleep,
) {
  async function describe(TableName: string): Promise<TableDescription | undefined> {
    try {
      return (await client.send(new DescribeTableCommand({ TableName }))).Table;
    } catch (error) {
      if (errorNameOf(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** A table that was just made refuses for a while, with "Backups are being enabled". */
  async function keepBackups(TableName: string): Promise<void> {
    const command = new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    for (let waited = 0; ; waited += interval) {
      try {
        await client.send(command);
        return;
      } catch (error) {
        if (errorNameOf(error) !== 'ContinuousBackupsUnavailableException' || waited >= patience) throw error;
        await pause(interval * 1000);
      }
    }
  }

  return {
    exists: async (tableName: string): Promise<boolean> => (await describe(tableName)) !== undefined,

    isEmpty: async (TableName: string): Promise<boolean> => {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName, Limit: 1, ConsistentRead: true }));
      return Items.length === 0;
    },

    /** Makes a table with the keys, encryption, protection, backups, expiry and tags of another, but no stream; goes on where one was made by half. @throws Error when there is no other */
    async make(TableName: string, like: string): Promise<void> {
      const model = await describe(like);
      if (model === undefined) throw new Error(`there is no table ${like} to make ${TableName} like`);
      if ((await describe(TableName)) === undefined)
        await client.send(
          new CreateTableCommand({ TableName, ...settingsOf(model), Tags: await tagsOf(client, model) }),
        );
      await waitUntilTableExists({ client, maxWaitTime: patience, minDelay: 1 }, { TableName });
      const { TimeToLiveDescription: { TimeToLiveStatus } = {} } = await client.send(
        new DescribeTimeToLiveCommand({ TableName }),
      );
      // It may be on its way for an hour, in which it cannot be asked for again.
      if (TimeToLiveStatus !== 'ENABLED' && TimeToLiveStatus !== 'ENABLING')
        await client.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: { AttributeName: table.ttl, Enabled: true },
          }),
        );
      await keepBackups(TableName);
    },
  };
}

function settingsOf({ KeySchema, AttributeDefinitions, SSEDescription, DeletionProtectionEnabled }: TableDescription) {
  return {
    KeySchema,
    AttributeDefinitions,
    DeletionProtectionEnabled,
    BillingMode: 'PAY_PER_REQUEST' as const,
    ...(SSEDescription?.KMSMasterKeyArn && {
      SSESpecification: { Enabled: true, SSEType: 'KMS' as const, KMSMasterKeyId: SSEDescription.KMSMasterKeyArn },
    }),
  };
}

/** Tags that begin with `aws:` are CloudFormation's, and nobody else may set them. */
async function tagsOf(client: DynamoDBClient, { TableArn }: TableDescription) {
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
  const own = Tags.filter(({ Key = '' }) => !Key.startsWith('aws:'));
  return own.length > 0 ? own : undefined;
}
