import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { topicAuthorityOutput, topicSignInOutput } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import type { Platform } from '../../../local/platform/platform.ts';
import { required } from '../../../local/platform/stack-outputs.ts';

/** Who signs in at the broker, and the certificate of the authority that signed the broker's. */
interface TopicAccess {
  readonly user: { readonly username: string; readonly password: string };
  readonly certificate: string;
}

/** Fills the secrets of the source `shop-changes`, as an operator does after a deployment. */
export async function fillTopicSecrets(
  { emulatorUrl, stack }: Pick<Platform['outputs'], 'emulatorUrl' | 'stack'>,
  { user, certificate }: TopicAccess,
): Promise<void> {
  const secrets = new SecretsManagerClient(clientSettings(emulatorUrl));
  const put = (output: string, content: object) =>
    secrets.send(
      new PutSecretValueCommand({ SecretId: required(stack, output), SecretString: JSON.stringify(content) }),
    );
  await put(topicSignInOutput('shop-changes'), user);
  await put(topicAuthorityOutput('shop-changes'), { certificate });
  secrets.destroy();
}
