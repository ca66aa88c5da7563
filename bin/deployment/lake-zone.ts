import { S3Client } from '@aws-sdk/client-s3';
import { type LakeZone, lakeZone } from '../../lambdas/adapters/lake/zone.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { DeployedStack, Deployment } from './deployed-stack.ts';

/**
 * The zone of a deployment's lake below a prefix: raw events, quarantine, identity log or attempts to deliver.
 * @throws Error when the stack has no lake
 */
export function zoneOf(
  zone: 'raw' | 'quarantine' | 'identityLog' | 'attempts',
  { where, outputs }: DeployedStack,
  { stack, local }: Deployment,
): LakeZone {
  const bucket = outputs[output.lakeBucket];
  if (bucket === undefined)
    throw new Error(`the stack ${stack} has no output for its lake bucket; redeploy it from this version`);
  return lakeZone(new S3Client({ ...where, forcePathStyle: local }), bucket, lakePrefix[zone]);
}
