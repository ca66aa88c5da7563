import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AccessToken, newAccessToken, parseAccessTokens } from './access-tokens.ts';
import { readSecret } from './secret.ts';

/** A token cannot be made or revoked as asked. */
export class AccessTokenRefused extends Error {
  override readonly name = 'AccessTokenRefused';
}

/** The token secret as an operator changes it. Two operators at the same moment could undo each other's change; neither would get a wrong token accepted. */
export function accessTokenStore(client: SecretsManagerClient, secretId: string, now: () => string) {
  const list = async (): Promise<readonly AccessToken[]> => parseAccessTokens(await readSecret(client, secretId));
  const replace = (tokens: readonly AccessToken[]) =>
    client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: JSON.stringify({ tokens }) }));

  return {
    list,
    /** Makes a token and keeps its hash. What is returned is kept nowhere. @throws AccessTokenRefused when the name is taken */
    async make(name: string): Promise<string> {
      const tokens = await list();
      if (tokens.some((token) => token.name === name))
        throw new AccessTokenRefused(`there is a token "${name}" already; revoke it, or choose another name`);
      const { token, kept } = newAccessToken(name, now());
      await replace([...tokens, kept]);
      return token;
    },
    /** @throws AccessTokenRefused when there is no such token */
    async revoke(name: string): Promise<void> {
      const tokens = await list();
      if (!tokens.some((token) => token.name === name)) throw new AccessTokenRefused(`there is no token "${name}"`);
      await replace(tokens.filter((token) => token.name !== name));
    },
  };
}
