import { randomBytes } from 'node:crypto';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { destinationSettingsOutput } from '../../lambdas/core/contract/outputs.ts';
import { clientSettings } from './aws.ts';
import type { StackOutputs } from './deployment.ts';

/** Writes the settings of destinations into their secrets, if they have one, as an operator does after a deployment. */
export async function fillDestinationSettings(
  emulatorUrl: string,
  stack: StackOutputs,
  destinationIds: readonly string[],
  webhookUrl: (destinationId: string) => string,
): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  const put = (destinationId: string) => {
    const SecretId = stack[destinationSettingsOutput(destinationId)];
    if (SecretId === undefined) return undefined;
    const url = webhookUrl(destinationId);
    const settings = {
      url,
      sharedSecret: randomBytes(24).toString('base64url'),
      allowedPrivateHosts: [new URL(url).host],
    };
    return client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(settings) }));
  };
  await Promise.all(destinationIds.map(put));
  client.destroy();
}
