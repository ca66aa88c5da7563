import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { registryPartition, table } from '../../../lambdas/core/contract/storage.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  parseRegistry,
  registered,
  toRegistryItem,
  untilCut,
} from '../../../lambdas/core/segments/history/registry.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';
import type { Configuration } from '../platform/other-configuration.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));
const Key = { [table.partitionKey]: registryPartition, [table.sortKey]: 'state' };

async function stored(): Promise<ReturnType<typeof parseRegistry>> {
  const { Item } = await client.send(
    new GetCommand({ TableName: stackOutput('profileTable'), Key, ConsistentRead: true }),
  );
  if (Item === undefined) throw new Error('the deployment wrote no registry');
  return parseRegistry(Item);
}

/** The registry of aggregates as it is. */
export const registryNow = async (): Promise<AggregateRegistry> => (await stored()).registry;

/** Registers definitions as a deployment does that ended so long ago that what is new in them begins to count now. */
export async function registerNow({ segments, traits = [] }: Configuration): Promise<void> {
  const { registry, version } = await stored();
  const ids = aggregatesOf({ segments, traits } as unknown as Parameters<typeof aggregatesOf>[0]);
  const item = toRegistryItem(registered(registry, ids, Date.now() - untilCut), version + 1);
  await client.send(new PutCommand({ TableName: stackOutput('profileTable'), Item: { ...Key, ...item } }));
}
