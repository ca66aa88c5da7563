import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { scanProfiles } from '../../lambdas/adapters/dynamodb/compare-tables.ts';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { packingItems } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { tableCopy } from '../../lambdas/adapters/dynamodb/table-copy.ts';
import { readSecret } from '../../lambdas/adapters/secrets/secret.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployed-stack.ts';
import { zoneOf } from './lake-zone.ts';

/**
 * Where a rebuild reads, what it writes to, and what it is compared with. @throws Error when the stack lacks an output
 */
export async function rebuildPlace(deployment: Deployment) {
  const deployed = await deployedStack(deployment);
  const { [output.profileTable]: live, [output.identifierKeySecret]: keySecret } = deployed.outputs;
  if (live === undefined || keySecret === undefined)
    throw new Error(
      `the stack ${deployment.stack} has no output ${output.profileTable} or ${output.identifierKeySecret}; redeploy it from this version`,
    );
  const client = new DynamoDBClient(deployed.where);
  const documents = packingItems(DynamoDBDocumentClient.from(client));
  return {
    id: deployed.id,
    live,
    raw: zoneOf('raw', deployed, deployment),
    identityLog: zoneOf('identityLog', deployed, deployment),
    tables: tableCopy(client, documents),
    profiles: (table: string) => scanProfiles(documents, table),
    async open(table: string) {
      const key = identifierKey(await readSecret(new SecretsManagerClient(deployed.where), keySecret));
      return profileTable(documents, table, key, jittered);
    },
  };
}
export type RebuildPlace = Awaited<ReturnType<typeof rebuildPlace>>;
