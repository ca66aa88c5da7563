import { config } from '../../cdp.config.ts';
import { barrierFileIn } from '../../lambdas/adapters/barriers/barrier-file.ts';
import { barrierItems } from '../../lambdas/adapters/dynamodb/barrier-items.ts';
import { erasedProfiles } from '../../lambdas/adapters/dynamodb/erased-profiles.ts';
import { identifierKey, shortHashIn } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { keyedOwners } from '../../lambdas/adapters/dynamodb/keyed-owners.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../lambdas/adapters/dynamodb/request-items.ts';
import { receiptSigner } from '../../lambdas/adapters/secrets/receipt-signer.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { keptIn } from '../../lambdas/core/contract/retention.ts';
import { listedBarriers } from '../../lambdas/operations/privacy/listed-barriers.ts';
import { officerUnder } from '../../lambdas/operations/privacy/officer.ts';
import { type Deployment, requiredOutput } from './deployed-stack.ts';
import { registryOf } from './identity-operations.ts';
import { type ProfileTablePlace, profileTablePlace } from './profile-table-place.ts';
import { s3Client } from './s3-client.ts';

/** The list of barriers of a deployment, and the items that it is made of. */
async function listedIn({ local }: Deployment, { documents, tableName, deployed }: ProfileTablePlace) {
  const bucket = requiredOutput(deployed, output.lakeBucket);
  const file = barrierFileIn(s3Client(deployed.where, local), bucket);
  const barriers = barrierItems(documents, tableName, jittered);
  return { barriers, listed: listedBarriers({ file, barriers, hashIn: shortHashIn, pause: jittered }) };
}

/** Makes the list of barriers again from all items of the profile table, and tells how many it has. */
export const listBarriersAgain = async (deployment: Deployment): Promise<number> =>
  (await listedIn(deployment, await profileTablePlace(deployment))).listed.listAll();

/** A privacy officer with an operator's own credentials, under the configuration of this folder. */
export async function officerOf(deployment: Deployment): Promise<ReturnType<typeof officerUnder>> {
  const place = await profileTablePlace(deployment);
  const { documents, tableName, deployed } = place;
  const secret = await place.secret();
  const keyOf = identifierKey(secret);
  return officerUnder(config, {
    requests: requestItems(documents, tableName, jittered),
    ...(await listedIn(deployment, place)),
    erased: erasedProfiles(documents, tableName, keyOf, jittered),
    people: identityTable(documents, tableName, keyOf, jittered),
    owners: keyedOwners(documents, tableName, jittered),
    keyOf,
    retention: keptIn(requiredOutput(deployed, output.retention)),
    signer: receiptSigner(secret),
    registry: await registryOf(deployment),
    write: profileTable(documents, tableName, keyOf, jittered).write,
    pause: jittered,
    now: () => new Date().toISOString(),
  });
}
