import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { accessTokenStore } from '../../lambdas/adapters/secrets/access-token-store.ts';
import { clientSettings } from './aws.ts';
import type { StackOutputs } from './deployment.ts';
import { required } from './stack-outputs.ts';

/**
 * Does what an operator does with `npm run token`: makes an access token, of the API whose tokens this output's secret
 * keeps.
 */
export async function makeAccessToken(emulatorUrl: string, stack: StackOutputs, secret: string): Promise<string> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  try {
    return await accessTokenStore(client, required(stack, secret), () => new Date().toISOString()).make('local');
  } finally {
    client.destroy();
  }
}
