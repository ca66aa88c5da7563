import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { packingItems } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { readSecret } from '../../lambdas/adapters/secrets/secret.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack, requiredOutput } from './deployed-stack.ts';

export type ProfileTablePlace = Awaited<ReturnType<typeof profileTablePlace>>;

/**
 * The profile table of a deployment, clients that read and write it with an operator's credentials, and how to read
 * the key of its identifiers. @throws Error when the stack lacks an output
 */
export async function profileTablePlace(deployment: Deployment) {
  const deployed = await deployedStack(deployment);
  const tableName = requiredOutput(deployed, output.profileTable);
  const keySecret = requiredOutput(deployed, output.identifierKeySecret);
  const client = new DynamoDBClient(deployed.where);
  const secret = () => readSecret(new SecretsManagerClient(deployed.where), keySecret);
  return {
    deployed,
    tableName,
    client,
    documents: packingItems(DynamoDBDocumentClient.from(client)),
    secret,
    key: async () => identifierKey(await secret()),
  };
}
