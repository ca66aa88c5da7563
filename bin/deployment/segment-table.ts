import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { packingItems } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileScan } from '../../lambdas/adapters/dynamodb/profile-scan.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { readSecret } from '../../lambdas/adapters/secrets/secret.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployed-stack.ts';

/** The profile table of a deployment, to decide the segments of everybody in it. */
export async function segmentTableOf(deployment: Deployment) {
  const { where, outputs } = await deployedStack(deployment);
  const { [output.profileTable]: tableName, [output.identifierKeySecret]: keySecret } = outputs;
  if (tableName === undefined || keySecret === undefined)
    throw new Error(
      `the stack ${deployment.stack} has no output ${output.profileTable} or ${output.identifierKeySecret}; redeploy it from this version`,
    );
  const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient(where)));
  const key = identifierKey(await readSecret(new SecretsManagerClient(where), keySecret));
  return {
    scan: profileScan(client, tableName),
    read: dueProfiles(client, tableName, jittered).read,
    write: profileTable(client, tableName, key, jittered).write,
    pause: jittered,
  };
}
