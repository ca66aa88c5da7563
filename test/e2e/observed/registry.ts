import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { jittered } from '../../../lambdas/adapters/streams/backoff.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  registered,
  untilCut,
} from '../../../lambdas/core/segments/history/registry.ts';
import type { Definitions } from '../../../lambdas/core/segments/program/compile.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';

const stored = registryTable(
  DynamoDBDocumentClient.from(new DynamoDBClient(asOwner)),
  stackOutput('profileTable'),
  jittered,
);

/** The registry of aggregates as it is. */
export async function registryNow(): Promise<AggregateRegistry> {
  const found = await stored.read();
  if (found === undefined) throw new Error('the deployment wrote no registry');
  return found.registry;
}

/** Registers definitions as a deployment does that ended so long ago that what is new in them begins to count now. */
export async function registerNow(definitions: Definitions): Promise<void> {
  const found = await stored.read();
  const next = registered(await registryNow(), aggregatesOf(definitions), Date.now() - untilCut);
  const { kind } = await stored.write(next, found?.version);
  if (kind !== 'written') throw new Error(`the registry is ${kind}`);
}
