import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { accessTokenStore } from '../lambdas/adapters/access-token-store.ts';
import { output } from '../lambdas/core/contract.ts';
import { clientSettings } from './aws.ts';
import type { StackOutputs } from './deployment.ts';
import { required } from './stack-outputs.ts';

/** Does what an operator does with `npm run token`: makes an access token of the profile API. */
export async function makeAccessToken(emulatorUrl: string, stack: StackOutputs): Promise<string> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  try {
    return await accessTokenStore(client, required(stack, output.accessTokensSecret), () => new Date().toISOString()).make('local');
  } finally {
    client.destroy();
  }
}
