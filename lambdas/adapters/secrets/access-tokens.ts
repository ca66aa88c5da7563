import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { freshSecret } from './fresh-secret.ts';

/** A stored access token: its name and its SHA-256. The token has 256 random bits, so it needs no salt. */
const AccessToken = z.object({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.string() });
export type AccessToken = z.infer<typeof AccessToken>;

/** The token secret does not have the form that `npm run token` writes. */
export class AccessTokensUnreadable extends Error {
  override readonly name = 'AccessTokensUnreadable';
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Parses the text of the token secret. @throws AccessTokensUnreadable without quoting it */
export function parseAccessTokens(text: string): readonly AccessToken[] {
  try {
    return z.object({ tokens: z.array(AccessToken) }).parse(JSON.parse(text)).tokens;
  } catch {
    throw new AccessTokensUnreadable('the token secret must hold {"tokens":[{"name","sha256","createdAt"}]}');
  }
}

/** Makes a token, and the part of it that is stored. */
export function newAccessToken(
  name: string,
  createdAt: string,
): { readonly token: string; readonly kept: AccessToken } {
  const token = `cdp_${randomBytes(32).toString('base64url')}`;
  return { token, kept: { name, sha256: sha256(token), createdAt } };
}

/** Milliseconds until the secret is read again for an unknown token: an operator may have just made it. */
const freshForUnknown = 5_000;

/**
 * Makes a check of access tokens. Changes of the secret take effect within a minute. It compares all tokens, each in
 * constant time.
 */
export function accessTokens(
  client: SecretsManagerClient,
  secretId: string,
  now: () => number,
): (token: string) => Promise<boolean> {
  const digests = freshSecret({ client, secretId, parse: parseDigests, now });
  return async (token) => {
    const digest = hash('sha256', token, 'buffer');
    return isAmong(digest, await digests()) || isAmong(digest, await digests(freshForUnknown));
  };
}

const parseDigests = (text: string): readonly Buffer[] =>
  parseAccessTokens(text).map((token) => Buffer.from(token.sha256, 'hex'));

const isAmong = (digest: Buffer, known: readonly Buffer[]): boolean =>
  known.filter((one) => timingSafeEqual(one, digest)).length > 0;
