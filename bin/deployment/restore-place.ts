import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { config } from '../../cdp.config.ts';
import { barrierFileIn } from '../../lambdas/adapters/barriers/barrier-file.ts';
import { appliedList, saidDigest } from '../../lambdas/adapters/dynamodb/applied-list.ts';
import { hasOnlyKeptItems } from '../../lambdas/adapters/dynamodb/kept-items.ts';
import { requestItems } from '../../lambdas/adapters/dynamodb/request-items.ts';
import { tableCopy } from '../../lambdas/adapters/dynamodb/table-copy.ts';
import { fillTable } from '../../lambdas/adapters/dynamodb/table-fill.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { noBarriers } from '../../lambdas/core/privacy/barrier-list.ts';
import { deployedReapply } from '../../lambdas/operations/privacy/deployed-reapply.ts';
import type { Reapplied } from '../../lambdas/operations/privacy/reapply.ts';
import { storedRequests } from '../../lambdas/operations/privacy/stored-requests.ts';
import { goLive } from '../../lambdas/operations/restore.ts';
import { type Deployment, requiredOutput } from './deployed-stack.ts';
import { type ProfileTablePlace, profileTablePlace } from './profile-table-place.ts';
import { s3Client } from './s3-client.ts';

/** @throws Error when there is no such table: a name that is mistyped must not pass for an empty table */
async function placeOf(deployment: Deployment, table: string): Promise<ProfileTablePlace> {
  const place = await profileTablePlace(deployment);
  if (await tableCopy(place.client, place.documents).exists(table)) return place;
  throw new Error(`there is no table ${table}`);
}

/** Applies the list of barriers to a restored or rebuilt table. */
export async function reapplyTo(table: string, deployment: Deployment): Promise<Reapplied> {
  const { deployed, documents, tableName, secret } = await placeOf(deployment, table);
  return deployedReapply(config, {
    table,
    documents,
    s3: s3Client(deployed.where, deployment.local),
    profileTable: tableName,
    lakeBucket: requiredOutput(deployed, output.lakeBucket),
    identifierKeySecret: await secret(),
  });
}

/** Copies a restored or rebuilt table into the live one, and tells how many items that were and where they are. */
export async function restoreFrom(from: string, deployment: Deployment): Promise<{ copied: number; live: string }> {
  const { deployed, documents, tableName: live } = await placeOf(deployment, from);
  const file = barrierFileIn(s3Client(deployed.where, deployment.local), requiredOutput(deployed, output.lakeBucket));
  // Packed items stay as they are.
  const plain = DynamoDBDocumentClient.from(new DynamoDBClient(deployed.where));
  const requestsOf = (table: string) => storedRequests(requestItems(documents, table, jittered)).all();
  const applied = (table: string) => appliedList(documents, table, jittered);
  const copied = await goLive({
    from,
    live,
    saidNow: async () =>
      saidDigest((await file.read())?.list ?? noBarriers, [...(await requestsOf(from)), ...(await requestsOf(live))]),
    appliedTo: (table) => applied(table).read(),
    note: applied(live).write,
    forget: applied(live).forget,
    isEmpty: (table) => hasOnlyKeptItems(documents, table),
    fill: (there, here) => fillTable(plain, there, here),
  });
  return { copied, live };
}
