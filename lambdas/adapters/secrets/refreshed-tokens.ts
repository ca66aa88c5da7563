import { randomUUID } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

/** Tokens that a tool gave for old ones; without a refresh token, the old one stays. */
export interface Refreshed {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
}

const current = 'AWSCURRENT';
const WithTokens = z.looseObject({ oauth: z.looseObject({ accessToken: z.string() }) });
/** What Secrets Manager says if another version became the current one meanwhile. */
const overtaken = new Set(['InvalidParameterException', 'InvalidRequestException', 'ResourceNotFoundException']);

/**
 * Makes a function that stores refreshed tokens in the secret of a destination, on condition that it still has the old
 * ones: of two functions that refresh at once, the first one counts.
 */
export function refreshedTokens(client: SecretsManagerClient, SecretId: string) {
  return async (old: { readonly accessToken: string }, { accessToken, refreshToken }: Refreshed): Promise<void> => {
    const { SecretString, VersionId } = await client.send(new GetSecretValueCommand({ SecretId }));
    const secret = WithTokens.parse(JSON.parse(SecretString ?? ''));
    if (secret.oauth.accessToken !== old.accessToken) return;
    const oauth = { ...secret.oauth, accessToken, ...(refreshToken !== undefined && { refreshToken }) };
    const put = await client.send(
      new PutSecretValueCommand({
        SecretId,
        SecretString: JSON.stringify({ ...secret, oauth }),
        ClientRequestToken: randomUUID(),
        VersionStages: ['REFRESHED'],
      }),
    );
    await moveCurrent(client, { SecretId, MoveToVersionId: put.VersionId, RemoveFromVersionId: VersionId });
  };
}

interface Move {
  readonly SecretId: string;
  readonly MoveToVersionId: string | undefined;
  readonly RemoveFromVersionId: string | undefined;
}

/** Makes a version the current one, if the version that it was made of still is. */
async function moveCurrent(client: SecretsManagerClient, move: Move): Promise<void> {
  try {
    await client.send(new UpdateSecretVersionStageCommand({ ...move, VersionStage: current }));
  } catch (error) {
    if (!overtaken.has((error as { name?: string }).name ?? '')) throw error;
  }
}
