import { config } from '../../cdp.config.ts';
import { freshRegistry, registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { identityOperator } from '../../lambdas/operations/identity.ts';
import type { Deployment } from './deployed-stack.ts';
import { profileTablePlace } from './profile-table-place.ts';

/** Identity operations with an operator's own credentials. */
export async function operatorOf(deployment: Deployment) {
  return identityOperator(await identityTableOf(deployment), config, await registryOf(deployment));
}

/** A reader of a deployment's registry of aggregates. */
export async function registryOf(deployment: Deployment): Promise<ReturnType<typeof freshRegistry>> {
  const { documents, tableName } = await profileTablePlace(deployment);
  return freshRegistry(registryTable(documents, tableName, jittered).read, Date.now);
}

/** The profile table of a deployment, for operators. */
export async function identityTableOf(deployment: Deployment): Promise<ReturnType<typeof identityTable>> {
  const { documents, tableName, key } = await profileTablePlace(deployment);
  return identityTable(documents, tableName, await key(), jittered);
}
