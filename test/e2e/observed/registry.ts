import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type CdpConfigInput, parseConfig } from '../../../lambdas/core/config/config.ts';
import { registryPartition, table } from '../../../lambdas/core/contract/storage.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  parseRegistry,
  programsOf,
  registered,
  toRegistryItem,
  untilCut,
  withPrograms,
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
export async function registerNow(configuration: Configuration): Promise<void> {
  const { registry, version } = await stored();
  const config = parseConfig(configuration as unknown as CdpConfigInput);
  const next = registered(registry, aggregatesOf(config), Date.now() - untilCut);
  const item = toRegistryItem(withPrograms(next, programsOf(config)), version + 1);
  await client.send(new PutCommand({ TableName: stackOutput('profileTable'), Item: { ...Key, ...item } }));
}
