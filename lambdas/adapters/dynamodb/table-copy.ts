import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  ListTagsOfResourceCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createWaiter, WaiterState } from '@smithy/core/client';
import { table } from '../../core/contract/storage.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { copyKeptItems, hasOnlyKeptItems } from './kept-items.ts';

/** Seconds between two tries, and until a wait for a new table or for its backups ends. */
const fiveMinutes = { minDelay: 5, maxDelay: 5, maxWaitTime: 300 };

/** Makes tables with the settings of another one. */
export function tableCopy(client: DynamoDBClient, documents: DynamoDBDocumentClient, pace = fiveMinutes) {
  async function describe(TableName: string): Promise<TableDescription | undefined> {
    try {
      return (await client.send(new DescribeTableCommand({ TableName }))).Table;
    } catch (error) {
      if (errorNameOf(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** A new table refuses this for a while, with "Backups are being enabled". */
  async function keepBackups(TableName: string): Promise<void> {
    const command = new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    let refused: unknown;
    const { state } = await createWaiter({ client, ...pace }, command, async () => {
      try {
        await client.send(command);
        return { state: WaiterState.SUCCESS };
      } catch (error) {
        if (errorNameOf(error) !== 'ContinuousBackupsUnavailableException') throw error;
        refused = error;
        return { state: WaiterState.RETRY };
      }
    });
    if (state !== WaiterState.SUCCESS) throw refused;
  }

  return {
    exists: async (tableName: string): Promise<boolean> => (await describe(tableName)) !== undefined,

    /** Whether a table may be filled: it has nothing, or only what outlives profiles. */
    isEmpty: (tableName: string): Promise<boolean> => hasOnlyKeptItems(documents, tableName),

    /** Copies barriers and requests from another table, unless it is the same. */
    keep: async (tableName: string, from: string): Promise<number> =>
      tableName === from ? 0 : copyKeptItems(documents, from, tableName),

    /**
     * Makes a table with the keys, indexes, encryption, protection, backups, expiry and tags of another, but without a
     * stream; continues an interrupted copy.
     * @throws Error when the other table does not exist
     */
    async make(TableName: string, like: string): Promise<void> {
      const model = await describe(like);
      if (model === undefined)
        throw new Error(`the table ${like}, whose settings ${TableName} would copy, does not exist`);
      if ((await describe(TableName)) === undefined)
        await client.send(
          new CreateTableCommand({ TableName, ...settingsOf(model), Tags: await tagsOf(client, model) }),
        );
      await waitUntilTableExists({ client, ...pace, minDelay: Math.min(1, pace.minDelay) }, { TableName });
      const { TimeToLiveDescription: { TimeToLiveStatus } = {} } = await client.send(
        new DescribeTimeToLiveCommand({ TableName }),
      );
      // Enabling can take an hour, and a second request meanwhile fails.
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

function settingsOf(model: TableDescription) {
  const { KeySchema, AttributeDefinitions, SSEDescription, DeletionProtectionEnabled } = model;
  return {
    KeySchema,
    AttributeDefinitions,
    ...(model.GlobalSecondaryIndexes && { GlobalSecondaryIndexes: model.GlobalSecondaryIndexes.map(keysOfIndex) }),
    DeletionProtectionEnabled,
    BillingMode: 'PAY_PER_REQUEST' as const,
    ...(SSEDescription?.KMSMasterKeyArn && {
      SSESpecification: { Enabled: true, SSEType: 'KMS' as const, KMSMasterKeyId: SSEDescription.KMSMasterKeyArn },
    }),
  };
}

const keysOfIndex = ({ IndexName, KeySchema, Projection }: GlobalSecondaryIndexDescription) => ({
  IndexName,
  KeySchema,
  Projection,
});

/** Only CloudFormation may set tags that begin with `aws:`. */
async function tagsOf(client: DynamoDBClient, { TableArn }: TableDescription) {
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
  const own = Tags.filter(({ Key = '' }) => !Key.startsWith('aws:'));
  return own.length > 0 ? own : undefined;
}
