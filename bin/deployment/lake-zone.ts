import { type LakeZone, lakeZone } from '../../lambdas/adapters/lake/zone.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { type DeployedStack, type Deployment, requiredOutput } from './deployed-stack.ts';
import { s3Client } from './s3-client.ts';

/**
 * The zone of a deployment's lake below a prefix: raw events, quarantine, identity log or attempts to deliver.
 * @throws Error when the stack has no lake
 */
export function zoneOf(
  zone: 'raw' | 'quarantine' | 'identityLog' | 'attempts',
  deployed: DeployedStack,
  { local }: Pick<Deployment, 'local'>,
): LakeZone {
  const bucket = requiredOutput(deployed, output.lakeBucket);
  return lakeZone(s3Client(deployed.where, local), bucket, lakePrefix[zone]);
}
