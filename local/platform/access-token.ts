import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { accessTokenStore } from '../../lambdas/adapters/secrets/access-token-store.ts';
import { clientSettings } from './aws.ts';
import type { StackOutputs } from './deployment.ts';
import { required } from './stack-outputs.ts';

/**
 * Makes an access token, as `npm run token` does. `secret` is the output that names the secret with the API's tokens.
 */
export async function makeAccessToken(emulatorUrl: string, stack: StackOutputs, secret: string): Promise<string> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  try {
    return await accessTokenStore(client, required(stack, secret), () => new Date().toISOString()).make('local');
  } finally {
    client.destroy();
  }
}
