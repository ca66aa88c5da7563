import { S3Client } from '@aws-sdk/client-s3';
import { type HistoryFiles, historyFiles } from '../../lambdas/adapters/lake/histories.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import type { DeployedStack, Deployment } from './deployed-stack.ts';

/** The runs of histories in a deployment's lake. @throws Error when the stack has no lake */
export function historyPlace({ where, outputs }: DeployedStack, { stack, local }: Deployment): HistoryFiles {
  const bucket = outputs[output.lakeBucket];
  if (bucket === undefined) throw new Error(`the stack ${stack} has no lake bucket; redeploy it from this version`);
  return historyFiles(new S3Client({ ...where, forcePathStyle: local }), bucket);
}
