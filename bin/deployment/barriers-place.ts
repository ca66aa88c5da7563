import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { config } from '../../cdp.config.ts';
import { barrierFileIn } from '../../lambdas/adapters/barriers/barrier-file.ts';
import { readSecret } from '../../lambdas/adapters/secrets/secret.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { noBarriers } from '../../lambdas/core/privacy/barrier-list.ts';
import type { EventBarriers } from '../../lambdas/core/privacy/event-barriers.ts';
import { barriersUnder } from '../../lambdas/operations/privacy/barriers-under.ts';
import { type DeployedStack, type Deployment, requiredOutput } from './deployed-stack.ts';
import { s3Client } from './s3-client.ts';

/** What judges events by the list of barriers of a deployment, which is read each time. */
export function barriersOf(deployed: DeployedStack, { local }: Pick<Deployment, 'local'>): EventBarriers {
  const secret = requiredOutput(deployed, output.identifierKeySecret);
  const file = barrierFileIn(s3Client(deployed.where, local), requiredOutput(deployed, output.lakeBucket));
  return barriersUnder(config, {
    list: async () => (await file.read())?.list ?? noBarriers,
    secret: () => readSecret(new SecretsManagerClient(deployed.where), secret),
  });
}
