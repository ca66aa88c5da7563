import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { config } from '../../cdp.config.ts';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { packingItems } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { readSecret } from '../../lambdas/adapters/secrets/secret.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { identityOperator } from '../../lambdas/operations/identity.ts';
import { type Deployment, deployedStack } from './deployed-stack.ts';

/** Identity operations with an operator's own credentials. */
export async function operatorOf(deployment: Deployment) {
  return identityOperator(await identityTableOf(deployment), config);
}

/** The profile table of a deployment, for operators. */
export async function identityTableOf(deployment: Deployment): Promise<ReturnType<typeof identityTable>> {
  const { where, outputs } = await deployedStack(deployment);
  const { [output.profileTable]: tableName, [output.identifierKeySecret]: keySecret } = outputs;
  if (tableName === undefined || keySecret === undefined)
    throw new Error(
      `the stack ${deployment.stack} has no output ${output.profileTable} or ${output.identifierKeySecret}; redeploy it from this version`,
    );
  const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient(where)));
  const key = identifierKey(await readSecret(new SecretsManagerClient(where), keySecret));
  return identityTable(client, tableName, key, jittered);
}
