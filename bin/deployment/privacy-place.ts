import { config } from '../../cdp.config.ts';
import { eventStreamOfMany } from '../../lambdas/adapters/streams/event-stream.ts';
import { kinesisClient } from '../../lambdas/adapters/streams/kinesis-client.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type BarrierPlace, deployedList, officerUnder } from '../../lambdas/operations/privacy/deployed-officer.ts';
import type { PrivacyOfficer } from '../../lambdas/operations/privacy/officer.ts';
import { type Deployment, requiredOutput } from './deployed-stack.ts';
import { type ProfileTablePlace, profileTablePlace } from './profile-table-place.ts';
import { s3Client } from './s3-client.ts';

const barriersIn = (
  { local }: Deployment,
  { documents, tableName: profileTable, deployed }: ProfileTablePlace,
): BarrierPlace => ({
  documents,
  s3: s3Client(deployed.where, local),
  profileTable,
  lakeBucket: requiredOutput(deployed, output.lakeBucket),
});

/** Makes the list of barriers again from all items of the profile table, and tells how many it has. */
export const listBarriersAgain = async (deployment: Deployment): Promise<number> =>
  deployedList(barriersIn(deployment, await profileTablePlace(deployment))).listAll();

/** A privacy officer with an operator's own credentials, under the configuration of this folder. */
export async function officerOf(deployment: Deployment): Promise<PrivacyOfficer> {
  const place = await profileTablePlace(deployment);
  return officerUnder(config, {
    ...barriersIn(deployment, place),
    identifierKeySecret: await place.secret(),
    retention: requiredOutput(place.deployed, output.retention),
    send: eventStreamOfMany(kinesisClient(place.deployed.where), requiredOutput(place.deployed, output.eventStream)),
  });
}
