import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AccessToken, newAccessToken, parseAccessTokens } from './access-tokens.ts';
import { readSecret } from './secret.ts';

/** The name of a token is taken, or no token has this name. */
export class AccessTokenRefused extends Error {
  override readonly name = 'AccessTokenRefused';
}

/**
 * Changes the token secret for an operator. Of two changes at the same moment, one can be lost, but no wrong token is
 * accepted.
 */
export function accessTokenStore(client: SecretsManagerClient, secretId: string, now: () => string) {
  const list = async (): Promise<readonly AccessToken[]> => parseAccessTokens(await readSecret(client, secretId));
  const replace = (tokens: readonly AccessToken[]) =>
    client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: JSON.stringify({ tokens }) }));

  return {
    list,
    /**
     * Makes a token and stores its hash. The token itself is stored nowhere. @throws AccessTokenRefused when the name
     * is taken
     */
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
