import { createHmac } from 'node:crypto';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { typeOf } from '../core/identifier.ts';
import type { IdentifierKey } from './profile-table.ts';

/** Keys `type#hmac` under the deployment's secret, so that neither a key nor a log line names anyone. */
export const identifierKey =
  (secret: string): IdentifierKey =>
  (id) =>
    `${typeOf(id)}#${createHmac('sha256', secret).update(id).digest('base64url')}`;

/** Reads a secret's text. @throws when it has none. */
export async function readSecret(client: SecretsManagerClient, secretId: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  if (SecretString === undefined) throw new Error(`secret ${secretId} holds no text`);
  return SecretString;
}
