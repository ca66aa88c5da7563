import { type HistoryFiles, historyFiles } from '../../lambdas/adapters/lake/histories.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type DeployedStack, type Deployment, requiredOutput } from './deployed-stack.ts';
import { s3Client } from './s3-client.ts';

/** The runs of histories in a deployment's lake. @throws Error when the stack has no lake */
export function historyPlace(deployed: DeployedStack, { local }: Pick<Deployment, 'local'>): HistoryFiles {
  return historyFiles(s3Client(deployed.where, local), requiredOutput(deployed, output.lakeBucket));
}
