import { config } from '../../cdp.config.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { identityOperator } from '../../lambdas/operations/identity.ts';
import type { Deployment } from './deployed-stack.ts';
import { profileTablePlace } from './profile-table-place.ts';

/** Identity operations with an operator's own credentials. */
export async function operatorOf(deployment: Deployment) {
  return identityOperator(await identityTableOf(deployment), config);
}

/** The profile table of a deployment, for operators. */
export async function identityTableOf(deployment: Deployment): Promise<ReturnType<typeof identityTable>> {
  const { documents, tableName, key } = await profileTablePlace(deployment);
  return identityTable(documents, tableName, await key(), jittered);
}
