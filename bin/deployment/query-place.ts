import { AthenaClient } from '@aws-sdk/client-athena';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployed-stack.ts';

/** Where a deployment's queries run. */
export interface QueryPlace {
  readonly athena: AthenaClient;
  readonly workGroup: string;
  readonly database: string;
}

/**
 * Finds it in the stack's outputs.
 * @throws Error when the stack has no workgroup
 */
export async function queryPlace(deployment: Deployment): Promise<QueryPlace> {
  const { where, outputs } = await deployedStack(deployment);
  const { [output.workgroup]: workGroup, [output.database]: database } = outputs;
  if (workGroup === undefined || database === undefined)
    throw new Error(`the stack ${deployment.stack} has no workgroup; redeploy it from this version`);
  return { athena: new AthenaClient(where), workGroup, database };
}
