import { AthenaClient } from '@aws-sdk/client-athena';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack, requiredOutput } from './deployed-stack.ts';

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
  const deployed = await deployedStack(deployment);
  return {
    athena: new AthenaClient(deployed.where),
    workGroup: requiredOutput(deployed, output.workgroup),
    database: requiredOutput(deployed, output.database),
  };
}
