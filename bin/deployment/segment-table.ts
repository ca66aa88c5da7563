import { freshRegistry, registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { profilePages, type TablePart } from '../../lambdas/adapters/dynamodb/profile-scan.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import type { Deployment } from './deployed-stack.ts';
import { profileTablePlace } from './profile-table-place.ts';

/** The profile table of a deployment, to decide the segments of everybody in it. */
export async function segmentTableOf(deployment: Deployment) {
  const { documents, tableName, key } = await profileTablePlace(deployment);
  return {
    scan: ({ part, parts }: TablePart) =>
      profilePages(documents, { TableName: tableName, Segment: part, TotalSegments: parts }),
    read: dueProfiles(documents, tableName, jittered).read,
    write: profileTable(documents, tableName, await key(), jittered).write,
    registry: freshRegistry(registryTable(documents, tableName, jittered).read, Date.now),
    pause: jittered,
  };
}
