import { config } from '../../cdp.config.ts';
import { barrierItems } from '../../lambdas/adapters/dynamodb/barrier-items.ts';
import { erasedProfiles } from '../../lambdas/adapters/dynamodb/erased-profiles.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../lambdas/adapters/dynamodb/request-items.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { officerUnder } from '../../lambdas/operations/privacy/officer.ts';
import type { Deployment } from './deployed-stack.ts';
import { registryOf } from './identity-operations.ts';
import { profileTablePlace } from './profile-table-place.ts';

/** A privacy officer with an operator's own credentials, under the configuration of this folder. */
export async function officerOf(deployment: Deployment): Promise<ReturnType<typeof officerUnder>> {
  const { documents, tableName, key } = await profileTablePlace(deployment);
  const keyOf = await key();
  return officerUnder(config, {
    requests: requestItems(documents, tableName, jittered),
    barriers: barrierItems(documents, tableName, jittered),
    erased: erasedProfiles(documents, tableName, keyOf, jittered),
    people: identityTable(documents, tableName, keyOf, jittered),
    keyOf,
    registry: await registryOf(deployment),
    write: profileTable(documents, tableName, keyOf, jittered).write,
    pause: jittered,
    now: () => new Date().toISOString(),
  });
}
