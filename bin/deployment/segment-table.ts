import { freshRegistry, registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { profilePages, type TablePart } from '../../lambdas/adapters/dynamodb/profile-scan.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import type { Deployment } from './deployed-stack.ts';
import { profileTablePlace } from './profile-table-place.ts';

/** The profile table of a deployment, to decide the segments of everybody in it. */
export async function segmentTableOf(deployment: Deployment) {
  const { deployed, documents, tableName, key } = await profileTablePlace(deployment);
  const { load, loadAt, write, readAccounts } = profileTable(documents, tableName, await key(), jittered);
  const aggregates = registryTable(documents, tableName, jittered);
  return {
    deployed,
    aggregates,
    load,
    loadAt,
    write,
    scan: ({ part, parts }: TablePart) =>
      profilePages(documents, { TableName: tableName, Segment: part, TotalSegments: parts }),
    read: dueProfiles(documents, tableName, jittered).read,
    registry: freshRegistry(aggregates.read, Date.now),
    readAccounts,
    pause: jittered,
  };
}
