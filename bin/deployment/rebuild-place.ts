import { registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { scanProfiles } from '../../lambdas/adapters/dynamodb/compare-tables.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../lambdas/adapters/dynamodb/request-items.ts';
import { tableCopy } from '../../lambdas/adapters/dynamodb/table-copy.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { storedRequests } from '../../lambdas/operations/privacy/stored-requests.ts';
import type { Deployment } from './deployed-stack.ts';
import { zoneOf } from './lake-zone.ts';
import { profileTablePlace } from './profile-table-place.ts';
import { queryPlace } from './query-place.ts';

/**
 * Where a rebuild reads, what it writes to, and what it is compared with. @throws Error when the stack lacks an output
 */
export async function rebuildPlace(deployment: Deployment) {
  const { deployed, tableName, client, documents, key } = await profileTablePlace(deployment);
  return {
    id: deployed.id,
    live: tableName,
    raw: zoneOf('raw', deployed, deployment),
    identityLog: zoneOf('identityLog', deployed, deployment),
    lake: await queryPlace(deployment),
    requests: storedRequests(requestItems(documents, tableName, jittered)).all,
    tables: tableCopy(client, documents),
    registry: (table: string) => registryTable(documents, table, jittered),
    profiles: (table: string) => scanProfiles(documents, table),
    open: async (table: string) => profileTable(documents, table, await key(), jittered),
  };
}
export type RebuildPlace = Awaited<ReturnType<typeof rebuildPlace>>;
